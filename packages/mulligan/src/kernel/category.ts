import { type ErrorCode, isMulliganError } from './error.ts';
import { codeFacts, type ErrorCategory, type ErrorFacts, statusFacts } from './category-table.ts';

const unknown: ErrorFacts = { category: 'unknown', isTransient: false, isUnprocessed: false };
const aborted: ErrorFacts = { category: 'abort', isTransient: false, isUnprocessed: false };
const timedOut: ErrorFacts = { category: 'timeout', isTransient: true, isUnprocessed: false };
const brokenProtocol: ErrorFacts = { category: 'protocol', isTransient: true, isUnprocessed: false };
const refused: ErrorFacts = { category: 'connect', isTransient: true, isUnprocessed: true };
const held: ErrorFacts = { category: 'rate-limit', isTransient: true, isUnprocessed: true };
const invalid: ErrorFacts = { category: 'invalid', isTransient: false, isUnprocessed: true };

/** Our own errors; those that are not named speak of a mistake in the call. */
const mulliganFacts: { readonly [code in ErrorCode]?: ErrorFacts } = {
  MULLIGAN_TIMEOUT: timedOut,
  MULLIGAN_CIRCUIT_OPEN: refused,
  MULLIGAN_BULKHEAD_FULL: held,
  MULLIGAN_RATE_LIMITED: held,
  MULLIGAN_HELD: held,
  MULLIGAN_GITHUB_RATE_LIMIT: { ...held, isTransient: false },
  MULLIGAN_SUPERSEDED: aborted,
  MULLIGAN_DOWNLOAD_STALLED: timedOut,
  MULLIGAN_DOWNLOAD_BROKEN: brokenProtocol,
  MULLIGAN_STREAM_INTERRUPTED: { ...unknown, category: 'reset' },
  MULLIGAN_PARTIAL_UPSERT: unknown,
  MULLIGAN_STORAGE: unknown,
  MULLIGAN_STORAGE_PERMISSION: { ...invalid, category: 'auth' },
  MULLIGAN_STORAGE_CONNECTION: { ...refused, isUnprocessed: false },
};

/** `fetch` buries what happened under several causes; more than this many is a cycle or a curiosity. */
const deepest = 5;

/**
 * What kind of failure an error is, whatever its class: its code, status, name and causes decide. A failed `fetch` is
 * a `TypeError` in JavaScript, as a wrong argument is: classes cannot tell.
 */
export function categorize(error: unknown): ErrorCategory {
  return factsOf(error).category;
}

/** Whether another attempt may well succeed: the default of `retry`'s `on`. */
export function isTransient(error: unknown): boolean {
  return factsOf(error).isTransient;
}

/** Whether the request cannot have been processed, so that repeating it is safe for any method. */
export function isUnprocessed(error: unknown): boolean {
  return factsOf(error).isUnprocessed;
}

/** All that is known about an error, in one look. */
export function factsOf(error: unknown): ErrorFacts {
  return find(error, deepest) ?? unknown;
}

function find(error: unknown, depth: number): ErrorFacts | undefined {
  if (typeof error !== 'object' || error === null || depth < 0) return undefined;
  const own = ownFacts(error);
  if (own !== undefined) return own;
  for (const inner of causesOf(error)) {
    const facts = find(inner, depth - 1);
    if (facts !== undefined) return facts;
  }
  return messageFacts(error);
}

function causesOf(error: object): readonly unknown[] {
  const errors = error instanceof AggregateError ? (error.errors as unknown[]) : [];
  return 'cause' in error && error.cause !== error ? [error.cause, ...errors] : errors;
}

function ownFacts(error: object): ErrorFacts | undefined {
  if (isMulliganError(error)) {
    const tunnel = error.code === 'MULLIGAN_PROXY_REFUSED' ? tunnelFacts(statusOf(error)) : undefined;
    return tunnel ?? mulliganFacts[error.code] ?? statusFacts(statusOf(error)) ?? invalid;
  }
  const code = textOf(error, 'code');
  // undici tells of a proxy that has opened no tunnel as of an abort.
  if (code === 'UND_ERR_ABORTED') return tunnelFacts(proxyStatusOf(error)) ?? aborted;
  const name = textOf(error, 'name');
  if (name === 'AbortError') return aborted;
  if (name === 'TimeoutError') return timedOut;
  if (name === 'HTTPParserError') return brokenProtocol;
  return codeFacts(code) ?? statusFacts(statusOf(error));
}

/** A proxy has opened no tunnel: nothing has reached the target. */
function tunnelFacts(status: number | undefined): ErrorFacts | undefined {
  const facts = statusFacts(status);
  return facts && { ...facts, isUnprocessed: true };
}

function proxyStatusOf(error: object): number {
  return Number(/^Proxy response \((\d{3})\)/.exec(textOf(error, 'message') ?? '')?.[1]);
}

/** Some failures of `fetch` carry no code at all; these are the platforms' own texts for them. */
function messageFacts(error: object): ErrorFacts | undefined {
  const message = textOf(error, 'message') ?? '';
  if (/^(?:fetch failed|terminated|network error|failed to fetch|load failed)$/i.test(message)) {
    return { category: 'reset', isTransient: true, isUnprocessed: false };
  }
  return /^(?:bad port|unexpected redirect|redirect count exceeded|unknown scheme|invalid url)/i.test(message)
    ? invalid
    : undefined;
}

function textOf(error: object, key: string): string | undefined {
  const value: unknown = Reflect.get(error, key);
  return typeof value === 'string' ? value : undefined;
}

/** HTTP clients do not agree where the status is kept. */
function statusOf(error: object): number | undefined {
  const { status, statusCode, response, $metadata } = error as Record<string, unknown>;
  const nested = (response as { status?: unknown } | undefined)?.status;
  const aws = ($metadata as { httpStatusCode?: unknown } | undefined)?.httpStatusCode;
  return [status, statusCode, nested, aws].find((value) => typeof value === 'number');
}
