import { parseHttpDate } from './http-date.ts';

/** What a response says about when to come back. */
export interface ResponseHint {
  /** Milliseconds from now, 0 or more. */
  readonly waitMs: number;
  /** `'retry-after'`: said for this very request. `'rate-limit'`: concluded from a quota that is used up. */
  readonly source: 'retry-after' | 'rate-limit';
}

/** The part of `Headers` that is read here. */
export interface HeaderReader {
  get(name: string): string | null;
}

/**
 * Reads how long a response asks to wait. The first that makes sense counts: `retry-after-ms`, `Retry-After` in seconds
 * or as a date, and for a 429 or 503 the quota fields `RateLimit`, `RateLimit-Reset` and `X-RateLimit-Reset`.
 *
 * Dates are compared with the server's own `Date`, so that it does not matter whether the two clocks agree.
 * @param wallNowMs the clock here, for a server that sends no `Date`
 */
export function readHint(headers: HeaderReader, status: number, wallNowMs: number): ResponseHint | undefined {
  const serverNowMs = (): number => readServerClock(headers, wallNowMs);
  const afterMs = readRetryAfter(headers, serverNowMs);
  if (afterMs !== undefined) return { waitMs: afterMs, source: 'retry-after' };
  if (status !== 429 && status !== 503) return undefined;
  const isLimited = status === 429;
  const resetMs =
    readRateLimit(headers.get('ratelimit')) ??
    readReset(headers, 'ratelimit', isLimited, serverNowMs) ??
    readReset(headers, 'x-ratelimit', isLimited, serverNowMs);
  return resetMs === undefined ? undefined : { waitMs: resetMs, source: 'rate-limit' };
}

/** What `x-should-retry` says, which the servers of language models send; `undefined` when it says nothing. */
export function readShouldRetry(headers: HeaderReader): boolean | undefined {
  const text = headers.get('x-should-retry')?.trim().toLowerCase();
  return text === 'true' || text === 'false' ? text === 'true' : undefined;
}

/** The clock of the server, to the second; the clock here where it does not say. */
export function readServerClock(headers: HeaderReader, wallNowMs: number): number {
  return parseHttpDate(headers.get('date')) ?? wallNowMs;
}

/** `retry-after-ms`, or else `Retry-After`, in milliseconds. */
export function readRetryAfter(headers: HeaderReader, serverNowMs: () => number): number | undefined {
  const afterMs = parseNumber(headers.get('retry-after-ms'));
  const text = headers.get('retry-after');
  if (afterMs !== undefined || text === null) return afterMs;
  const atMs = parseHttpDate(text);
  if (atMs !== undefined) return Math.max(0, atMs - serverNowMs());
  // A gateway and the server behind it may both have set the field, which joins the two: the longer wait suits both.
  const seconds = text.split(',').map(parseNumber);
  return seconds.every((value) => value !== undefined) ? Math.max(...seconds) * 1000 : undefined;
}

/** `"default";r=0;t=30` (the draft since 2024), or `limit=100, remaining=0, reset=30` (before). */
function readRateLimit(text: string | null): number | undefined {
  if (text === null) return undefined;
  const old = new Map(text.split(',').map((item) => toPair(item)));
  if (old.get('remaining') === '0') return toMs(old.get('reset'));
  const waits = splitOutsideQuotes(text, ',').flatMap((item) => {
    const parameters = new Map(
      splitOutsideQuotes(item, ';')
        .slice(1)
        .map((part) => toPair(part)),
    );
    return parameters.get('r') === '0' ? (toMs(parameters.get('t')) ?? []) : [];
  });
  return waits.length === 0 ? undefined : Math.max(...waits);
}

/** `…-Remaining` and `…-Reset`. Vendors count to the reset from now, or from 1970 in seconds or milliseconds. */
function readReset(
  headers: HeaderReader,
  prefix: string,
  isLimited: boolean,
  serverNowMs: () => number,
): number | undefined {
  const remaining = parseNumber(headers.get(`${prefix}-remaining`));
  if (remaining === undefined ? !isLimited : remaining > 0) return undefined;
  const reset = parseNumber(headers.get(`${prefix}-reset`));
  if (reset === undefined || reset <= 1e9) return toMs(reset);
  return Math.max(0, (reset > 1e12 ? reset : reset * 1000) - serverNowMs());
}

function toPair(text: string): [key: string, value: string] {
  const [key = '', value = ''] = text.split('=', 2);
  return [key.trim().toLowerCase(), value.trim()];
}

function splitOutsideQuotes(text: string, separator: string): string[] {
  const parts = [''];
  let isQuoted = false;
  for (const character of text) {
    if (character === '"') isQuoted = !isQuoted;
    if (character === separator && !isQuoted) parts.push('');
    else parts[parts.length - 1] += character;
  }
  return parts;
}

function toMs(seconds: string | number | undefined): number | undefined {
  const value = typeof seconds === 'string' ? parseNumber(seconds) : seconds;
  return value === undefined ? undefined : value * 1000;
}

function parseNumber(text: string | null): number | undefined {
  const trimmed = text?.trim() ?? '';
  return /^\d+(?:\.\d+)?$/.test(trimmed) ? Number(trimmed) : undefined;
}
