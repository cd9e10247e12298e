import { breakerReasons, formatMs, type GiveUpReason, giveUpReasons, type MulliganEvent } from '../kernel/index.ts';
import { errorType } from './error-type.ts';

/** How much an event matters to somebody who reads a log. */
export type Severity = 'debug' | 'info' | 'warn' | 'error';

/** An event in the words of a log: a sentence, and the same as fields. */
export interface Description {
  readonly severity: Severity;
  readonly message: string;
  readonly fields: Readonly<Record<string, string | number>>;
}

type Describe<K extends MulliganEvent['type']> = (event: Extract<MulliganEvent, { readonly type: K }>) => Description;

const describers: { readonly [K in MulliganEvent['type']]: Describe<K> } = {
  'retry.scheduled': ({ name, attempt, attempts, waitMs, waitSource, waitedMs, cause }) => ({
    severity: 'warn',
    message: `${name}: attempt ${ofHowMany(attempt, attempts)} failed (${inWords(cause)}); trying again in ${formatMs(waitMs)}`,
    fields: {
      name,
      attempt,
      wait_for: seconds(waitMs),
      wait_source: waitSource,
      waited_so_far: seconds(waitedMs),
      error_type: errorType(cause),
    },
  }),
  'call.succeeded': ({ name, attempts, durationMs }) => ({
    severity: attempts > 1 ? 'info' : 'debug',
    message: `${name}: Succeeded on attempt ${attempts}`,
    fields: { name, attempts, duration: seconds(durationMs) },
  }),
  'call.failed': ({ name, attempts, durationMs, reason, error }) => ({
    severity: 'error',
    message: `${name}: given up after ${attempts} ${attempts === 1 ? 'attempt' : 'attempts'} (${inWords(error)}): ${why(reason)}`,
    fields: { name, attempts, duration: seconds(durationMs), reason, error_type: errorType(error) },
  }),
  'breaker.transition': ({ name, from, to, reason, failures }) => ({
    severity: to === 'open' ? 'warn' : 'info',
    message: `${name}: circuit breaker went from ${from} to ${to}: ${breakerReasons[reason]}`,
    fields: { name, from, to, reason, failures },
  }),
  'breaker.rejected': ({ name, retryAfterMs }) => ({
    severity: 'debug',
    message: `${name}: refused by the open circuit breaker; it tries again in ${formatMs(retryAfterMs)}`,
    fields: { name, retry_after: seconds(retryAfterMs) },
  }),
  'timeout.expired': ({ name, timeoutMs }) => ({
    severity: 'warn',
    message: `${name}: took longer than ${formatMs(timeoutMs)}`,
    fields: { name, timeout: seconds(timeoutMs) },
  }),
  'retry.nested': ({ name, outer, attempts }) => ({
    severity: 'warn',
    message: `${name}: retries inside the retries of ${outer} can make ${attempts} attempts of one call`,
    fields: { name, outer, attempts },
  }),
  'fallback.used': ({ name, cause }) => ({
    severity: 'warn',
    message: `${name}: failed (${inWords(cause)}); answered by the fallback`,
    fields: { name, error_type: errorType(cause) },
  }),
  'bulkhead.rejected': ({ name, queued }) => ({
    severity: 'warn',
    message: `${name}: refused by the full bulkhead, in front of which ${queued} calls wait`,
    fields: { name, queued },
  }),
  'rate-limit.delayed': ({ name, waitMs }) => ({
    severity: 'debug',
    message: `${name}: the rate limit lets it wait for up to ${formatMs(waitMs)}`,
    fields: { name, wait_for: seconds(waitMs) },
  }),
  'rate-limit.rejected': ({ name, retryAfterMs }) => ({
    severity: 'warn',
    message: `${name}: refused by the rate limit; there is room in ${formatMs(retryAfterMs)}`,
    fields: { name, retry_after: seconds(retryAfterMs) },
  }),
  'hedge.started': ({ name, afterMs }) => ({
    severity: 'debug',
    message: `${name}: not ended after ${formatMs(afterMs)}; a hedge was sent`,
    fields: { name, after: seconds(afterMs) },
  }),
  'hedge.won': ({ name, durationMs }) => ({
    severity: 'debug',
    message: `${name}: a hedge was first, after ${formatMs(durationMs)}`,
    fields: { name, duration: seconds(durationMs) },
  }),
  'hedge.refused': ({ name }) => ({
    severity: 'debug',
    message: `${name}: a hedge was due, but there have been too many`,
    fields: { name },
  }),
  'http.held': ({ name, holdMs }) => ({
    severity: 'warn',
    message: `${name}: asked for a pause; every call to it waits for ${formatMs(holdMs)}`,
    fields: { name, hold: seconds(holdMs) },
  }),
};

/** Puts any event into words. */
export function describe(event: MulliganEvent): Description {
  return (describers[event.type] as (given: MulliganEvent) => Description)(event);
}

function ofHowMany(attempt: number, attempts: number): string {
  return Number.isFinite(attempts) ? `${attempt} of ${attempts}` : String(attempt);
}

function why(reason: GiveUpReason): string {
  return giveUpReasons[reason];
}

function inWords(cause: unknown): string {
  if (!(cause instanceof Error)) return errorType(cause);
  return cause.message === '' ? errorType(cause) : cause.message;
}

/** Seconds with two decimals, as the log lines of the field have them. */
function seconds(ms: number): number {
  return Math.round(ms / 10) / 100;
}
