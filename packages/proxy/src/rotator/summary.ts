import { categorize, type ErrorCategory } from 'mulligan';
import { redact } from '../address/index.ts';
import type { AttemptFailure, FailurePhase, Fault } from '../failure/index.ts';
import type { AttemptOutcome } from '../metrics/index.ts';
import type { LeaseResult } from '../pool/index.ts';

/** Why an attempt failed. */
export interface FailureSummary {
  readonly fault: Fault;
  readonly phase: FailurePhase | undefined;
  readonly category: ErrorCategory;
  /** A sentence, without credentials. */
  readonly message: string;
}

/** One attempt that has ended. Times in milliseconds. */
export interface AttemptSummary {
  /** From 1. */
  readonly attempt: number;
  /** `undefined` where the attempt went without a proxy. */
  readonly proxyId: string | undefined;
  readonly outcome: AttemptOutcome;
  /** The status that came back, where one did. */
  readonly status: number | undefined;
  /** The wait before this attempt. */
  readonly waitedMs: number;
  readonly latencyMs: number;
  readonly failure: FailureSummary | undefined;
}

/** What a check has found. */
export interface CheckResult {
  readonly proxyId: string;
  readonly isWorking: boolean;
  /** Wall-clock milliseconds since 1970-01-01 UTC at its end. */
  readonly at: number;
  readonly latencyMs: number;
  /** What was answered, where something was fetched. */
  readonly status: number | undefined;
  readonly failure: FailureSummary | undefined;
}

/** What is told of a failure. */
export function summarize(failure: AttemptFailure, fault: Fault = failure.fault): FailureSummary {
  const { phase, message } = failure;
  return { fault, phase, category: categorize(failure), message: redact(message) };
}

/** What a failure says about the proxy, given whose fault it is. */
export function resultFor(failure: AttemptFailure, fault: Fault = failure.fault): LeaseResult {
  if (fault === 'proxy') return { kind: 'failed', error: failure };
  return { kind: fault === 'target' && !failure.isAmbiguous ? 'carried' : 'unknown' };
}
