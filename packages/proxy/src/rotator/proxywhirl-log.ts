import type { EventListener } from 'mulligan';
import { allFailing } from './error.ts';
import type { AttemptEndedEvent, ProxyEvent, RequestEndedEvent } from './proxy-event.ts';

/** Any logger: `console`, pino, winston, consola. Where it lacks a method, nothing is written for it. */
export interface LineLogger {
  debug?(message: string): unknown;
  info?(message: string): unknown;
  warn?(message: string): unknown;
  error?(message: string): unknown;
}

type Line = readonly [severity: keyof LineLogger, message: string];

const allOpen: Line = ['error', 'All circuit breakers are open - no proxies available'];

/**
 * Writes what happens in the words of ProxyWhirl's log, for whoever searches theirs for "Retry attempt" or
 * "circuit breaker". There is nothing secret in a line.
 *
 * @example
 * const rotator = new ProxyRotator({ proxies, onEvent: proxywhirlLog(console) });
 */
export function proxywhirlLog(logger: LineLogger): EventListener<ProxyEvent> {
  return (event) => {
    for (const [severity, message] of linesFor(event)) logger[severity]?.(message);
  };
}

function linesFor(event: ProxyEvent): readonly Line[] {
  switch (event.type) {
    case 'request.started':
      return [['info', `Making ${event.method} request to ${event.url ?? event.target}`]];
    case 'retry.scheduled': {
      const seconds = (event.waitMs / 1000).toFixed(2);
      return [['info', `Retry attempt ${event.attempt + 1}/${event.attempts} after ${seconds}s delay`]];
    }
    case 'attempt.ended':
      return attemptLines(event);
    case 'request.ended':
      return requestLines(event);
    case 'breaker.transition': {
      const severity = event.to === 'open' || event.to === 'isolated' ? 'warn' : 'info';
      return [[severity, `Circuit breaker for proxy ${event.proxyId} transitioned from ${event.from} to ${event.to}`]];
    }
    case 'breaker.reset':
      return [['info', `Circuit breaker manually reset for proxy ${event.proxyId}`]];
    default:
      return [];
  }
}

function attemptLines({ attempt, proxyId = 'direct', outcome, status, failure }: AttemptEndedEvent): readonly Line[] {
  if (outcome === 'success') return [['info', `Request succeeded on attempt ${attempt} using proxy ${proxyId}`]];
  if (outcome === 'cancelled' || failure === undefined) return [];
  const { fault, phase, message } = failure;
  if (status !== undefined) return [['warn', `Received retryable status ${status} from proxy ${proxyId}`]];
  if (fault === 'client') return [['error', `Non-retryable error: ${message}`]];
  const kind = phase === 'connect' ? 'Connection' : 'Retryable';
  return [['warn', `${kind} error with proxy ${proxyId}: ${message}`]];
}

function requestLines(event: RequestEndedEvent): readonly Line[] {
  const { outcome, method, target, url = target } = event;
  if (outcome === 'cancelled') return [];
  if (outcome === 'success') return [['info', `Request successful: ${method} ${url}`]];
  return [...reasonLines(event), ['warn', `Request failed after retries: ${method} ${url}`]];
}

function reasonLines({
  requestId,
  method,
  attempts,
  timeoutMs = 0,
  reason,
  error,
}: RequestEndedEvent): readonly Line[] {
  switch (reason) {
    case 'attempts':
      return [['error', `All ${attempts.length} retry attempts exhausted for request ${requestId}`]];
    case 'deadline':
      return [['warn', `Request timeout exceeded (${timeoutMs / 1000}s) after ${attempts.length} attempts`]];
    case 'not-idempotent':
      return [['debug', `Non-idempotent method ${method} - retries disabled unless explicitly enabled`]];
    case 'breaker-open':
      return [
        ...(error?.includes(allFailing) === true ? [allOpen] : []),
        ['error', 'No healthy proxies available or all circuit breakers open'],
      ];
    default:
      return [];
  }
}
