import { formatMs, type GiveUpReason, giveUpReasons, type MulliganEvent } from '../kernel/index.ts';
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

const describers: { readonly [K in MulliganEvent['type']]?: Describe<K> } = {
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
  'breaker.transition': ({ name, from, to, failures }) => ({
    severity: to === 'open' ? 'warn' : 'info',
    message: `${name}: circuit breaker went from ${from} to ${to}`,
    fields: { name, from, to, failures },
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
};

/** Puts any event into words. An event that has none of its own is told by its type. */
export function describe(event: MulliganEvent): Description {
  const own = describers[event.type] as ((given: MulliganEvent) => Description) | undefined;
  return own?.(event) ?? { severity: 'debug', message: `${event.name}: ${event.type}`, fields: { name: event.name } };
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
