/** What providers call it when no money or no quota is left: another attempt only costs time. */
const exhausted: ReadonlySet<string> = new Set([
  'insufficient_quota',
  'quota_exceeded',
  'billing_error',
  'billing_hard_limit_reached',
  'billing_not_active',
  'insufficient_balance',
  'access_terminated',
]);

interface ErrorBody {
  readonly code?: unknown;
  readonly type?: unknown;
  readonly error?: unknown;
  readonly data?: unknown;
}

/**
 * Whether an error, or the body of an answer, says that a quota is used up or a bill is not paid. Providers send it
 * with the same status 429 as a limit that passes by itself, but it does not pass.
 */
export function isQuotaExhausted(errorOrBody: unknown): boolean {
  return says(errorOrBody, 3);
}

function says(value: unknown, depth: number): boolean {
  if (typeof value !== 'object' || value === null || depth === 0) return false;
  const { code, type, error, data } = value as ErrorBody;
  if ([code, type].some((name) => typeof name === 'string' && exhausted.has(name))) return true;
  // OpenAI's client keeps the body in `error`, that of the AI SDK in `data`.
  return says(error, depth - 1) || says(data, depth - 1);
}
