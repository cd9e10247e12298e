import { redact } from '../../address/index.ts';
import type { AttemptSummary, FailureSummary, RequestEndedEvent } from '../../rotator/index.ts';
import type { WaitSources } from '../live/wait-sources.ts';
import type { Call, FailureJson } from '../schema/call.ts';
import { toMoment, toSeconds } from './number.ts';

/** A request that has ended, as the API shows it. */
export function callJson(event: RequestEndedEvent, waits: WaitSources): Call {
  return {
    id: event.requestId,
    timestamp: toMoment(event.at),
    method: event.method,
    target: redact(event.target),
    outcome: event.outcome,
    status: event.status ?? null,
    duration: toSeconds(event.durationMs),
    waited: toSeconds(event.waitedMs),
    reason: event.reason ?? null,
    error: event.error === undefined ? null : redact(event.error),
    attempts: event.attempts.map((attempt) => attemptJson(attempt, waits)),
  };
}

function attemptJson(summary: AttemptSummary, waits: WaitSources): Call['attempts'][number] {
  const { attempt, proxyId, outcome, status, waitedMs, latencyMs, failure } = summary;
  return {
    number: attempt,
    proxy_id: proxyId ?? null,
    outcome,
    status: status ?? null,
    wait: toSeconds(waitedMs),
    wait_source: waits.get(attempt) ?? null,
    latency: toSeconds(latencyMs),
    failure: failureJson(failure),
  };
}

/** Why an attempt or a check failed, as the API shows it. */
export function failureJson(failure: FailureSummary | undefined): FailureJson | null {
  return failure === undefined ? null : { ...failure, phase: failure.phase ?? null, message: redact(failure.message) };
}
