import { isMulliganError } from '../kernel/index.ts';

/** A `code` that is a constant, and not text with ids or addresses in it. */
const constantCode = /^[A-Z][A-Z0-9_]{2,40}$/;

/**
 * What kind of error this is, in one of few words: its code, else its class. Fit for a metric's label: never its
 * message, which may hold anything.
 */
export function errorType(error: unknown): string {
  if (typeof error !== 'object' || error === null) return typeof error;
  if (isMulliganError(error)) return error.code;
  const code = codeOf(error) ?? codeOf((error as { cause?: unknown }).cause);
  return code ?? error.constructor?.name ?? 'Object';
}

function codeOf(error: unknown): string | undefined {
  const code: unknown = (error as { code?: unknown } | null | undefined)?.code;
  return typeof code === 'string' && constantCode.test(code) ? code : undefined;
}
