import { isUnprocessed } from '../kernel/index.ts';
import type { Advice } from '../retry/index.ts';
import type { ResponseHint } from './hints.ts';

/** What must be known of a request to say whether it may be sent again. */
export interface RequestFacts {
  /** Doing it twice is the same as doing it once: by its method, its key or its precondition. */
  readonly isIdempotent: boolean;
  /** Its body can be sent again. */
  readonly canResend: boolean;
}

/** What must be known of a response. */
export interface ResponseFacts {
  readonly status: number;
  /** Its status is one that another attempt may better. */
  readonly isRetryable: boolean;
  /** What the server says itself, by `x-should-retry`. */
  readonly shouldRetry: boolean | undefined;
  readonly hint: ResponseHint | undefined;
}

/** What is done when a server asks for a longer wait than `maxHintWait`. */
export type IfHintTooLong = 'fail' | 'clamp' | 'ignore';

/** How far hints are followed. */
export interface HintRules {
  readonly maxHintMs: number;
  readonly ifHintTooLong: IfHintTooLong;
}

const again: Advice = { retry: true };

/** Statuses that say: it was not even looked at. */
const unprocessedStatuses: ReadonlySet<number> = new Set([408, 425, 429]);

/** Decides about a response; `undefined`: it is fine as it is. The wait that it advises is the server's, to the dot. */
export function adviseOnResponse(response: ResponseFacts, request: RequestFacts, rules: HintRules): Advice | undefined {
  const { status, shouldRetry, isRetryable, hint } = response;
  if (!(shouldRetry ?? isRetryable)) return isRetryable ? { retry: false, reason: 'server-said-no' } : undefined;
  const wasSentBack = unprocessedStatuses.has(status) || (status === 503 && hint?.source === 'retry-after');
  return refuse(request, wasSentBack || shouldRetry === true) ?? follow(hint, rules);
}

/** Decides about an error that is worth another attempt. */
export function adviseOnError(error: unknown, request: RequestFacts): Advice {
  return refuse(request, isUnprocessed(error)) ?? again;
}

/** Decides about a limit that speaks for itself: nothing was processed, and it tells how long it lasts, or not. */
export function adviseOnLimit(waitMs: number | undefined, request: RequestFacts, maxWaitMs: number): Advice {
  const hint = waitMs === undefined ? undefined : ({ waitMs, source: 'rate-limit' } as const);
  return refuse(request, true) ?? follow(hint, { maxHintMs: maxWaitMs, ifHintTooLong: 'fail' });
}

function refuse({ isIdempotent, canResend }: RequestFacts, isUntouched: boolean): Advice | undefined {
  if (!isIdempotent && !isUntouched) return { retry: false, reason: 'not-idempotent' };
  return canResend ? undefined : { retry: false, reason: 'body-not-replayable' };
}

function follow(hint: ResponseHint | undefined, rules: HintRules): Advice {
  if (hint === undefined) return again;
  const atLeastMs = boundedWait(hint, rules);
  if (atLeastMs !== undefined) return { retry: true, atLeastMs, source: hint.source };
  return rules.ifHintTooLong === 'fail' ? { retry: false, reason: 'hint-too-long' } : again;
}

/** How long to wait for a hint; `undefined` when it is too long to be followed. */
function boundedWait({ waitMs }: ResponseHint, { maxHintMs, ifHintTooLong }: HintRules): number | undefined {
  if (waitMs <= maxHintMs) return waitMs;
  return ifHintTooLong === 'clamp' ? maxHintMs : undefined;
}

/** How long a response asks everybody to wait, and not just the call that it answers; `undefined` for not at all. */
export function holdOf({ status, hint }: ResponseFacts, rules: HintRules): number | undefined {
  const isForAll = status === 429 || status === 503;
  return isForAll && hint !== undefined ? boundedWait(hint, rules) : undefined;
}
