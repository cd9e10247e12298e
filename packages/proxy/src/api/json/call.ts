import { redact } from '../../address/index.ts';
import type { AttemptSummary, RequestEndedEvent } from '../../rotator/index.ts';
import type { Call } from '../schema/call.ts';
import { toMoment, toSeconds } from './number.ts';

/** A request that has ended, as the API shows it. */
export function callJson(event: RequestEndedEvent): Call {
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
    attempts: event.attempts.map(attemptJson),
  };
}

function attemptJson({
  attempt,
  proxyId,
  outcome,
  status,
  waitedMs,
  latencyMs,
  failure,
}: AttemptSummary): Call['attempts'][number] {
  return {
    number: attempt,
    proxy_id: proxyId ?? null,
    outcome,
    status: status ?? null,
    wait: toSeconds(waitedMs),
    latency: toSeconds(latencyMs),
    failure:
      failure === undefined ? null : { ...failure, phase: failure.phase ?? null, message: redact(failure.message) },
  };
}
