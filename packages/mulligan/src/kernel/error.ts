/**
 * mulligan's own errors: one table of stable codes, one base class.
 * The brand is a registered symbol, so `instanceof` also holds across two copies of the library.
 */
export const errorCodes = {
  MULLIGAN_INVALID_OPTION: 'An option has a value that it cannot have; the message names both.',
  MULLIGAN_TIMEOUT: 'A call or an attempt took longer than it may.',
  MULLIGAN_CIRCUIT_OPEN: 'A circuit breaker refused the call; `retryAfterMs` says when it will try again.',
  MULLIGAN_BULKHEAD_FULL: 'A bulkhead had no room for the call.',
  MULLIGAN_RATE_LIMITED: 'A rate limit of our own refused the call; `retryAfterMs` says when there is room.',
  MULLIGAN_SUPERSEDED: 'The attempt is not needed any more: another one of the same call has succeeded.',
  MULLIGAN_NOT_ASYNC: 'A function that must return a promise or be an async generator does neither.',
  MULLIGAN_NOT_SYNC: 'A function that must block returned a promise.',
  MULLIGAN_BLOCK_NOT_RUN: 'A pass of a `retryContext` block ended without `attempt.run`, or called it twice.',
  MULLIGAN_CANNOT_BLOCK: 'A blocking wait was asked for where the platform cannot block.',
  MULLIGAN_STUCK: 'A virtual world was told to run work that waits for something outside of it.',
  MULLIGAN_SCRIPT_ENDED: 'A scripted operation was called more often than its script is long.',
  MULLIGAN_BODY_NOT_REPLAYABLE: 'A request would have to be sent again, but its body can be read only once.',
  MULLIGAN_HELD: 'A host asked all callers to wait, for longer than this call has time; `retryAfterMs` says how long.',
  MULLIGAN_GITHUB_RATE_LIMIT: "GitHub's API limits the calls, for longer than may be waited; `waitMs` says how long.",
  MULLIGAN_PROXY_REFUSED: 'A proxy opened no tunnel to where a request should go; `status` says how it answered.',
  MULLIGAN_HTTP_STATUS: 'A response has a status of 400 or more; `status` says which.',
  MULLIGAN_DOWNLOAD_STALLED: 'A download received nothing for longer than `idleTimeout` allows.',
  MULLIGAN_DOWNLOAD_BROKEN: 'A server sent something else than the part of a file that it was asked for.',
  MULLIGAN_DOWNLOAD_MISMATCH: 'What was downloaded is not what was asked for: its digest or its size is another.',
  MULLIGAN_DOWNLOAD_EXISTS: 'There is a file already where a download should go.',
  MULLIGAN_DOWNLOAD_FILE: 'A download cannot read or write its file; the message says why.',
  MULLIGAN_GENERATION: 'The endpoint of a language model answered with an error; `status` says which kind.',
  MULLIGAN_STREAM_INTERRUPTED: 'A stream of tokens ended before its end; what had come until then is not repeated.',
  MULLIGAN_PARTIAL_UPSERT:
    'Some batches of an upsert failed, others are stored; `failedIds` says which points are not.',
  MULLIGAN_CANNOT_LISTEN: 'A server cannot listen where it was told to, such as on a port that is in use.',
  MULLIGAN_PROXY_CONNECTION: 'A request failed through every proxy that it could try.',
  MULLIGAN_PROXY_AUTHENTICATION: 'The last proxy that a request tried rejected its credentials.',
  MULLIGAN_PROXY_POOL_EMPTY: 'No proxy can be used now; `retryAfterMs` says when one may be.',
  MULLIGAN_STORAGE: 'A storage failed in a way that has no code of its own; `cause` says how.',
  MULLIGAN_STORAGE_FILE_NOT_FOUND: 'A storage has nothing under this `key`.',
  MULLIGAN_STORAGE_FILE_EXISTS: 'A storage already has something under this `key`, or somebody else changed it.',
  MULLIGAN_STORAGE_PERMISSION: 'A storage does not let these credentials do that.',
  MULLIGAN_STORAGE_CONNECTION: 'A storage cannot be reached, is overloaded or broke off: another attempt may help.',
  MULLIGAN_STORAGE_CONFIGURATION: 'A storage is set up so that it cannot do that; the message says what to change.',
} as const;

/** The `code` of an error of mulligan's own. Match on it; messages are for people and may change. */
export type ErrorCode = keyof typeof errorCodes;

const brand = Symbol.for('mulligan.error');

function isBranded(value: unknown): value is object {
  return typeof value === 'object' && value !== null && brand in value;
}

/** The base of every error that mulligan itself makes. */
export class MulliganError extends Error {
  override name = 'MulliganError';
  readonly code: ErrorCode;

  constructor(code: ErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }

  static override [Symbol.hasInstance](value: unknown): boolean {
    // A subclass keeps the ordinary check: only the base is known by its brand.
    return this === MulliganError ? isBranded(value) : Function.prototype[Symbol.hasInstance].call(this, value);
  }
}

Object.defineProperty(MulliganError.prototype, brand, { value: true });

/** Whether an error is mulligan's own and, where a code is given, has that code. */
export function isMulliganError(error: unknown, code?: ErrorCode): error is MulliganError {
  return isBranded(error) && (code === undefined || (error as MulliganError).code === code);
}

/** An option has a value that it cannot have. The message is a sentence with the option's name and the value. */
export class InvalidOptionError extends MulliganError {
  override name = 'InvalidOptionError';
  readonly option: string;
  readonly value: unknown;

  constructor(option: string, value: unknown, message: string) {
    super('MULLIGAN_INVALID_OPTION', message);
    this.option = option;
    this.value = value;
  }
}

/** A call or an attempt took longer than it may. `cause` is the error of the attempt before, where there was one. */
export class TimeoutError extends MulliganError {
  override name = 'TimeoutError';
  /** The limit that was exceeded. */
  readonly timeoutMs: number;
  /** What the limit was for: the whole call, or one attempt. */
  readonly scope: 'call' | 'attempt';

  constructor(name: string, timeoutMs: number, scope: 'call' | 'attempt', options?: ErrorOptions) {
    super('MULLIGAN_TIMEOUT', `${name}: the ${scope} took longer than ${timeoutMs} ms`, options);
    this.timeoutMs = timeoutMs;
    this.scope = scope;
  }
}

/** Shows any value in an error's sentence: short, on one line, and without throwing. */
export function show(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value.length > 80 ? `${value.slice(0, 77)}...` : value);
  if (typeof value === 'function') return value.name === '' ? 'a function' : `the function ${value.name}`;
  if (typeof value !== 'object' || value === null) return String(value);
  try {
    const text = JSON.stringify(value) ?? String(value);
    return text.length > 80 ? `${text.slice(0, 77)}...` : text;
  } catch {
    return Object.prototype.toString.call(value);
  }
}
