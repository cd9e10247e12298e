import { type AttemptContext, type Context, currentSwitches, isMulliganError } from '../kernel/index.ts';
import type { Advice, ErrorPredicate } from '../retry/index.ts';
import type { FetchCall } from './call.ts';
import { adviseOnError, adviseOnResponse, holdOf, type RequestFacts, type ResponseFacts } from './classify.ts';
import { readHint, readShouldRetry } from './hints.ts';
import type { Hold } from './hold.ts';
import type { FetchPlan } from './plan.ts';

/** What a predicate of `retry` answers. */
type Answer = ReturnType<ErrorPredicate>;

/** Decides about one outcome of an attempt. */
export type Adviser<T> = (outcome: T, context: AttemptContext) => Answer;

/** Decides about errors: whether they deserve another attempt, and whether the request may be sent again. */
export function errorAdviser(plan: FetchPlan): Adviser<unknown> {
  return (error, context) => {
    if (isMulliganError(error, 'MULLIGAN_HELD')) return { retry: false, reason: 'deadline' };
    const answer = plan.on(error, context);
    if (!isYes(answer)) return answer;
    const advice = adviseOnError(error, requestOf(plan, context));
    return advice.retry ? answer : advice;
  };
}

/** Decides about responses, and holds all calls to a host that asks for a pause. */
export function responseAdviser(plan: FetchPlan, hold: Hold): Adviser<Response> {
  return (response, context) => {
    const answer = plan.onResult?.(response, context);
    const isRetryable = isYes(answer) || plan.statuses.has(response.status);
    if (!isRetryable && response.status < 400) return false;
    const facts = factsOf(response, isRetryable, plan.world.wallNow());
    const holdMs = holdOf(facts, plan);
    if (holdMs !== undefined && waits()) hold.start(holdMs);
    const advice = adviseOnResponse(facts, requestOf(plan, context), plan) ?? no;
    if (!advice.retry) return advice;
    return typeof answer === 'boolean' || !isYes(answer) ? spread(advice, plan) : answer;
  };
}

const no: Advice = { retry: false };

function factsOf({ status, headers }: Response, isRetryable: boolean, wallNowMs: number): ResponseFacts {
  return { status, isRetryable, shouldRetry: readShouldRetry(headers), hint: readHint(headers, status, wallNowMs) };
}

/** After the last attempt nothing is sent again, whatever the body is made of. */
function requestOf(plan: FetchPlan, context: AttemptContext): RequestFacts {
  const { isIdempotent, canResend } = (context as Context).args[0] as FetchCall;
  return { isIdempotent, canResend: canResend || context.number >= plan.attempts };
}

/** Waits a little longer than a server asks for, never shorter. */
function spread(advice: Advice, { hintJitter, world }: FetchPlan): Advice {
  if (advice.atLeastMs === undefined) return advice;
  return { ...advice, atLeastMs: advice.atLeastMs * (1 + hintJitter * world.random()) };
}

function isYes(answer: Answer): boolean {
  if (answer === undefined || answer === null || answer === false) return false;
  return typeof answer !== 'object' || !('retry' in answer) || answer.retry;
}

/** Whether anything waits at all: see `setActive` and `setTesting`. */
function waits(): boolean {
  const { isActive, testing } = currentSwitches();
  return isActive && testing === undefined;
}
