/** Methods that do the same however often they arrive (RFC 9110 §9.2.2). */
export const idempotentMethods: readonly string[] = ['GET', 'HEAD', 'OPTIONS', 'PUT', 'DELETE', 'TRACE'];

/** With one of these a server refuses to do a thing twice: the state that it is asked to find is gone by then. */
const preconditions = ['if-match', 'if-none-match', 'if-unmodified-since'];

/** How idempotency keys are made and sent. */
export interface IdempotencyKeyOptions {
  /** @default 'Idempotency-Key' */
  readonly header?: string;
  /** Makes one key for each call; all attempts of the call send it as it is. @default a random UUID, quoted */
  readonly generate?: () => string;
}

/** What makes a request repeatable. */
export interface IdempotencyRules {
  /** Upper case. */
  readonly methods: ReadonlySet<string>;
  readonly key: Required<IdempotencyKeyOptions> & { readonly isSent: boolean };
}

/** Whether a request may be sent again although it may have been processed. */
export interface Repeatability {
  readonly isIdempotent: boolean;
  /** All headers of the request, where a key had to be added to them. */
  readonly keyed?: Headers;
}

/** Finds out whether a request may be repeated; makes it so where that is wanted. A caller's own key is kept. */
export function repeatability(
  method: string,
  given: RequestInit['headers'] | Headers,
  { methods, key }: IdempotencyRules,
): Repeatability {
  const isListed = methods.has(method);
  const wantsKey = key.isSent && !idempotentMethods.includes(method);
  if (isListed && !wantsKey) return { isIdempotent: true };
  const headers = new Headers(given);
  if (headers.has(key.header) || preconditions.some((name) => headers.has(name))) return { isIdempotent: true };
  if (!wantsKey) return { isIdempotent: isListed };
  headers.set(key.header, key.generate());
  return { isIdempotent: true, keyed: headers };
}

/**
 * A key as the draft of `Idempotency-Key` wants it: a quoted string. It comes from the platform's generator and not
 * from the world's chance, because two processes must never draw the same one.
 */
export function randomKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
  return `"${hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-')}"`;
}
