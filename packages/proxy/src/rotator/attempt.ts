import { type AttemptContext, categorize, TimeoutError, type World } from 'mulligan';
import { redact } from '../address/index.ts';
import { AttemptFailure, type Fault } from '../failure/index.ts';
import type { AttemptOutcome } from '../metrics/index.ts';
import type { RetryPolicy } from '../policy/index.ts';
import type { LeaseResult, Proxy, ProxyLease } from '../pool/index.ts';
import type { AttemptAnswer, FailoverAttempt, LetGo } from './request.ts';
import { type AttemptSummary, type FailureSummary, resultFor, summarize } from './summary.ts';

/** What an attempt is made of. */
export interface AttemptParts {
  readonly lease: ProxyLease | undefined;
  readonly context: AttemptContext;
  readonly policy: RetryPolicy;
  readonly isLast: boolean;
  readonly waitedMs: number;
  readonly world: World;
  /** Called once, when the attempt has ended, one way or the other. */
  readonly onEnd: (summary: AttemptSummary) => void;
  /** Decides whose fault a failure is. */
  readonly blame: (failure: AttemptFailure) => Fault;
}

/** One attempt under way. However it ends, its lease is settled and its end told exactly once. */
export class RunningAttempt implements FailoverAttempt {
  readonly proxy: Proxy | undefined;
  readonly number: number;
  readonly isLast: boolean;
  readonly policy: RetryPolicy;
  readonly context: AttemptContext;
  readonly #parts: AttemptParts;
  readonly #startedMs: number;
  #answer: AttemptAnswer = {};
  #hasEnded = false;
  #hasFailed = false;

  constructor(parts: AttemptParts) {
    this.#parts = parts;
    this.proxy = parts.lease?.proxy;
    this.number = parts.context.number;
    this.isLast = parts.isLast;
    this.policy = parts.policy;
    this.context = parts.context;
    this.#startedMs = parts.world.now();
  }

  // Functions rather than methods: work may take them out of the attempt.
  readonly answered = (answer: AttemptAnswer): void => {
    this.#answer = answer;
  };

  readonly onAbort = (listener: (reason: unknown) => void): (() => void) => this.context.onAbort(listener);

  readonly hold = (): LetGo => {
    const { lease, blame } = this.#parts;
    if (lease === undefined) return nothing;
    const letGo = lease.hold();
    return (brokenBy) => {
      // An attempt that has failed was charged for that.
      const isCharged = brokenBy !== undefined && !this.#hasFailed && blame(brokenBy) === 'proxy';
      if (isCharged) lease.breakOff(brokenBy);
      letGo();
    };
  };

  /** Runs the work. An abort ends the attempt at once, even if the work does not listen. */
  async run<T>(work: (attempt: FailoverAttempt) => Promise<T>): Promise<T> {
    const leave = this.onAbort((reason) => this.#interrupted(reason));
    try {
      const value = await work(this);
      if (this.#answer.failure === undefined) this.#succeeded();
      else this.failed(this.#answer.failure);
      return value;
    } catch (error) {
      if (error instanceof AttemptFailure) this.failed(error);
      else this.#foreign(error);
      throw error;
    } finally {
      leave();
    }
  }

  #succeeded(): void {
    if (this.#hasEnded) return;
    this.#settle({ kind: 'worked', latencyMs: this.#elapsedMs });
    this.#end('success');
  }

  /** Charges the failure to whom it belongs. */
  failed(failure: AttemptFailure): void {
    if (this.#hasEnded) return;
    const fault = this.#parts.blame(failure);
    this.#settle(resultFor(failure, fault));
    const { status } = failure;
    const summary = summarize(failure, fault);
    if (status !== undefined) this.#answer = { status };
    const isTimeout = status === undefined && summary.category === 'timeout';
    this.#end(fault === 'client' ? 'cancelled' : isTimeout ? 'timeout' : 'failure', summary);
  }

  /** The whole request is out of time, or its caller has gone away. */
  #interrupted(reason: unknown): void {
    if (this.#hasEnded) return;
    const isLate = reason instanceof TimeoutError;
    // Only the first attempt had the whole time: a later one must not be charged for what others used up.
    const isCharged = isLate && this.number === 1;
    const culprit: Fault = this.proxy === undefined ? 'target' : 'proxy';
    this.#settle(isCharged ? { kind: 'failed', error: reason } : { kind: 'unknown' });
    this.#end(isLate ? 'timeout' : 'cancelled', {
      fault: isCharged ? culprit : 'client',
      phase: undefined,
      category: categorize(reason),
      message: isLate ? 'Total timeout exceeded' : 'the caller went away',
    });
  }

  /** An error that is no failure of an attempt says nothing about the proxy. */
  #foreign(error: unknown): void {
    if (this.#hasEnded) return;
    this.#settle({ kind: 'unknown' });
    const message = redact(error instanceof Error ? error.message : String(error));
    this.#end('failure', { fault: 'client', phase: undefined, category: categorize(error), message });
  }

  #settle(result: LeaseResult): void {
    this.#parts.lease?.settle(result);
  }

  #end(outcome: AttemptOutcome, failure?: FailureSummary): void {
    this.#hasEnded = true;
    this.#hasFailed = failure !== undefined;
    const { waitedMs, onEnd } = this.#parts;
    const { status } = this.#answer;
    const latencyMs = this.#elapsedMs;
    onEnd({ attempt: this.number, proxyId: this.proxy?.id, outcome, status, waitedMs, latencyMs, failure });
  }

  get #elapsedMs(): number {
    return this.#parts.world.now() - this.#startedMs;
  }
}

function nothing(): void {}
