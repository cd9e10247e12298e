import { type ErrorCategory, factsOf } from 'mulligan';
import type { Response } from 'undici';
import { blameFor, retryAfterOf } from '../dial/index.ts';
import { AttemptFailure } from '../failure/index.ts';

/** How a request reaches its target. */
type Way = 'direct' | 'tunnel' | 'forward';

/** What is known of the attempt that failed. */
export interface FetchSituation {
  /** Whether the request may be made again at all. */
  readonly mayFailOver: boolean;
  /** Whether there is a proxy on the way, and whether it reads the request itself instead of tunnelling it. */
  readonly way: Way;
  /** Wall-clock milliseconds. */
  readonly nowMs: number;
}

/** What an error of `fetch` means; the error itself where it says nothing about any connection. */
export function failureOfError(error: unknown, { mayFailOver, way }: FetchSituation): unknown {
  const dialled = findFailure(error);
  if (dialled !== undefined) return mayFailOver ? dialled : withoutFailover(dialled);
  const { category, isTransient } = factsOf(error);
  if (isOwnMistake(category) && !isOversized(error)) return error;
  // A tunnel that breaks, or that leads to somebody with a wrong certificate, may be the proxy's work or the target's.
  const blame = way === 'direct' ? ({ fault: 'target' } as const) : ({ fault: 'proxy', isAmbiguous: true } as const);
  const phase = category === 'tls' ? 'tls' : 'head';
  const mayHelp = mayFailOver && (way !== 'direct' || isTransient);
  return new AttemptFailure(sentenceOf(error), { ...blame, mayFailOver: mayHelp, phase, cause: error });
}

/** What no server or proxy has to do with. */
function isOwnMistake(category: ErrorCategory): boolean {
  return category === 'abort' || category === 'invalid' || category === 'unknown';
}

/** A head without end is the work of a broken server. */
function isOversized(error: unknown): boolean {
  const { cause } = error as { cause?: { code?: unknown } };
  return cause?.code === 'UND_ERR_HEADERS_OVERFLOW';
}

function withoutFailover(failure: AttemptFailure): AttemptFailure {
  const { message, fault, phase, status, isAmbiguous, retryAfterMs } = failure;
  const details = { fault, phase, status, isAmbiguous, retryAfterMs, mayFailOver: false, cause: failure };
  return new AttemptFailure(message, details);
}

/** What a response says against the attempt that brought it; `undefined` when it is what was asked for. */
export function failureOfResponse(
  { status, headers }: Response,
  isRetried: boolean,
  { mayFailOver, way, nowMs }: FetchSituation,
): AttemptFailure | undefined {
  if (!isRetried) return undefined;
  const header = (name: string): string | undefined => headers.get(name) ?? undefined;
  // Only a proxy that reads the request can have answered for the target. That a target limits the rate is between
  // it and the address that it sees.
  const blame = status === 429 && way !== 'direct' ? ({ fault: 'pair' } as const) : ({ fault: 'target' } as const);
  return new AttemptFailure(`Status code ${status}`, {
    ...(way === 'forward' ? blameFor(status, header) : blame),
    mayFailOver,
    phase: 'head',
    status,
    retryAfterMs: retryAfterOf(header('retry-after'), nowMs),
  });
}

/** The proxy does not take the credentials that it was given. */
export function unauthorized({ mayFailOver }: FetchSituation): AttemptFailure {
  const details = { fault: 'proxy', mayFailOver, phase: 'head', status: 407 } as const;
  return new AttemptFailure('the proxy wants other credentials', details);
}

function findFailure(error: unknown): AttemptFailure | undefined {
  for (let cause = error, depth = 0; cause instanceof Error && depth < 5; cause = cause.cause, depth++) {
    if (cause instanceof AttemptFailure) return cause;
  }
  return undefined;
}

/** "fetch failed" helps nobody: its cause says why. */
function sentenceOf(error: unknown): string {
  const { cause, message } = error as Error;
  return cause instanceof Error && cause.message !== '' ? cause.message : message;
}
