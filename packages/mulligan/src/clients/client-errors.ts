import {
  checkDuration,
  checkKeys,
  type Duration,
  isTransient,
  retryAfterOf,
  systemWorld,
  type World,
} from '../kernel/index.ts';
import { type HeaderReader, readHint } from '../http/index.ts';
import type { Advice, ErrorPredicate } from '../retry/index.ts';
import { isQuotaExhausted } from './quota.ts';

/** The options of {@link clientErrors}. */
export interface ClientErrorOptions {
  /** A server that asks for a longer wait than this is not asked again. @default '60s' */
  readonly maxHintWait?: Duration;
  /** Where the time comes from. @default systemWorld */
  readonly world?: Pick<World, 'wallNow'>;
}

/**
 * Which errors of other people's clients deserve another attempt, and not before when: for `on` of `retry`. It knows
 * where the SDKs keep status, headers and waits, and what their own time limits are called. `x-should-retry` is obeyed. A
 * quota that is used up, or an unpaid bill, comes as a 429 as well; it is never retried.
 *
 * @example
 * const policy = retry({ attempts: 4, on: clientErrors() });
 */
export function clientErrors(options: ClientErrorOptions = {}): ErrorPredicate {
  checkKeys('clientErrors', options, ['maxHintWait', 'world']);
  const { maxHintWait = '60s', world = systemWorld } = options;
  const maxHintMs = checkDuration('maxHintWait', maxHintWait);
  return (error) => {
    if (isQuotaExhausted(error)) return refused;
    const headers = headersOf(error);
    const told = headers?.get('x-should-retry');
    if (told === 'false') return refused;
    if (told !== 'true' && !isTransientClientError(error)) return false;
    const waitMs = waitOf(error, headers, world.wallNow());
    if (waitMs === undefined) return true;
    return waitMs > maxHintMs ? tooLong : { retry: true, atLeastMs: waitMs, source: 'retry-after' };
  };
}

const refused: Advice = { retry: false, reason: 'server-said-no' };
const tooLong: Advice = { retry: false, reason: 'hint-too-long' };

/** How the SDKs call the end of their own time limits, which is as good as one of ours. */
const timeouts = /^(?:QdrantClientTimeoutError|APIConnectionTimeoutError|TimeoutError)$/;

/** What Qdrant's client says in the place of a 429 whose wait is a date. */
const unreadWait = /^Invalid retryAfter value/;

/** What is read of an error of somebody else's client. */
interface ClientError {
  readonly message?: unknown;
  readonly headers?: unknown;
  readonly responseHeaders?: unknown;
  readonly response?: { readonly headers?: unknown };
  readonly httpResponse?: { readonly status?: unknown };
  readonly retry_after?: unknown;
  readonly lastError?: unknown;
}

function isTransientClientError(error: unknown): boolean {
  if (isTransient(error)) return true;
  if (typeof error !== 'object' || error === null) return false;
  const { httpResponse, retry_after: retryAfter, lastError } = error as ClientError;
  // The client of Hugging Face keeps the status here, that of Qdrant gives no status with a wait, and the AI SDK's
  // RetryError is about the last of its errors.
  if (typeof httpResponse?.status === 'number') return isTransient({ status: httpResponse.status });
  if (typeof retryAfter === 'number') return true;
  if (lastError !== undefined && lastError !== error) return isTransientClientError(lastError);
  return timeouts.test(error.constructor?.name ?? '') || unreadWait.test(String((error as ClientError).message));
}

/** How long an error asks to wait, in milliseconds. */
function waitOf(error: unknown, headers: HeaderReader | undefined, wallNowMs: number): number | undefined {
  const { retry_after: seconds } = error as ClientError;
  const hint = headers && readHint(headers, 429, wallNowMs)?.waitMs;
  return retryAfterOf(error) ?? hint ?? (typeof seconds === 'number' ? seconds * 1000 : undefined);
}

function headersOf(error: unknown): HeaderReader | undefined {
  if (typeof error !== 'object' || error === null) return undefined;
  const { headers, responseHeaders, response } = error as ClientError;
  const given = headers ?? responseHeaders ?? response?.headers;
  if (typeof given !== 'object' || given === null) return undefined;
  if ('get' in given && typeof given.get === 'function') return given as HeaderReader;
  const fields = new Map(Object.entries(given).map(([name, value]) => [name.toLowerCase(), String(value)]));
  return { get: (name) => fields.get(name.toLowerCase()) ?? null };
}
