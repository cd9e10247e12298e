import { Counter, Histogram, type Registry } from 'prom-client';
import type { ProxyEvent, RequestEndedEvent } from '../../rotator/index.ts';

const seconds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

/** Counts what happens, under our own names. Returns the listener that is to hear the events. */
export function countEvents(registry: Registry): (event: ProxyEvent) => void {
  const registers = [registry];
  const counter = <L extends string>(name: string, help: string, ...labelNames: L[]): Counter<L> =>
    new Counter({ name, help, labelNames, registers });
  const histogram = <L extends string>(name: string, help: string, ...labelNames: L[]): Histogram<L> =>
    new Histogram({ name, help, labelNames, buckets: seconds, registers });

  const requests = counter('mulligan_requests_total', 'Requests that ended', 'outcome');
  const attempts = counter('mulligan_attempts_total', 'Attempts that ended, and who was charged', 'outcome', 'fault');
  const givenUp = counter(
    'mulligan_requests_given_up_total',
    'Requests that failed, and why that was the end',
    'reason',
  );
  const transitions = counter('mulligan_breaker_transitions_total', 'Changes of circuit breakers', 'from', 'to');
  const checks = counter('mulligan_proxy_checks_total', 'Checks of proxies, and what they found', 'result');
  const duration = histogram('mulligan_request_duration_seconds', 'Duration of requests, waits included', 'outcome');
  const wait = histogram('mulligan_retry_wait_seconds', 'Waits before retries');

  const ended = ({ outcome, durationMs, reason, attempts: made }: RequestEndedEvent): void => {
    requests.inc({ outcome });
    duration.observe({ outcome }, durationMs / 1000);
    if (outcome === 'failure') givenUp.inc({ reason: reason ?? 'other' });
    for (const { attempt, outcome: result, failure, waitedMs } of made) {
      attempts.inc({ outcome: result, fault: failure?.fault ?? 'none' });
      if (attempt > 1) wait.observe(waitedMs / 1000);
    }
  };
  return (event) => {
    if (event.type === 'request.ended') ended(event);
    else if (event.type === 'proxy.checked') checks.inc({ result: event.isWorking ? 'working' : 'failed' });
    else if (event.type === 'breaker.transition') transitions.inc({ from: event.from, to: event.to });
  };
}
