import type { ProxyEvent } from '@mulligan/proxy';

/** What `--verbose` tells of an event, in a line; `undefined` for what goes without saying. */
export function noticeOf(event: ProxyEvent): string | undefined {
  switch (event.type) {
    case 'attempt.ended': {
      const { method, target, attempt, attempts, proxyId, failure } = event;
      const way = proxyId === undefined ? '' : ` through ${proxyId}`;
      return failure && `${method} ${target}: attempt ${attempt} of ${attempts}${way} failed: ${failure.message}`;
    }
    case 'request.ended':
      if (event.outcome !== 'failure') return undefined;
      return `${event.method} ${event.target}: given up: ${event.error ?? `status ${event.status}`}`;
    case 'breaker.transition':
      return `The circuit breaker of ${event.proxyId} is ${event.to}, after ${event.from}`;
    case 'breaker.reset':
      return `The circuit breaker of ${event.proxyId} was reset by hand`;
    case 'proxy.checked':
      return event.failure && `A check of ${event.proxyId} failed: ${event.failure.message}`;
    case 'policy.changed':
      return 'The retry policy was changed';
    default:
      return undefined;
  }
}
