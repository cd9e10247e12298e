import {
  type AttemptContext,
  categorize,
  type Context,
  currentSwitches,
  isMulliganError,
  isTransient,
} from '../kernel/index.ts';
import type { Advice, ErrorPredicate } from '../retry/index.ts';
import {
  adviseOnError,
  adviseOnLimit,
  adviseOnResponse,
  holdOf,
  type RequestFacts,
  type ResponseFacts,
} from './classify.ts';
import { type GitHubLimit, GitHubRateLimitError, limitOf } from './github.ts';
import { readHint, readShouldRetry } from './hints.ts';
import type { Hold } from './hold.ts';
import type { FetchPlan } from './plan.ts';
import { rememberRequest, type RequestShown } from './request-of.ts';

/** What a predicate of `retry` answers. */
type Answer = ReturnType<ErrorPredicate>;

/** Decides about one outcome of an attempt. */
export type Adviser<T> = (outcome: T, context: AttemptContext) => Answer;

/** Decides about errors: whether they deserve another attempt, and whether the request may be sent again. */
export function errorAdviser(plan: FetchPlan, hold: Hold): Adviser<unknown> {
  return (error, context) => {
    rememberRequest(error, callOf(context));
    if (isMulliganError(error, 'MULLIGAN_HELD')) return { retry: false, reason: 'deadline' };
    if (error instanceof GitHubRateLimitError) return adviseOnGitHub(plan, hold, error, context);
    const answer = plan.on(error, context);
    if (!isYes(answer)) return answer;
    if (plan.on === isTransient && speaksNoHttp(error) && speaksNoHttp(context.previousError)) return no;
    const advice = adviseOnError(error, requestFacts(plan, context));
    return advice.retry ? answer : advice;
  };
}

/** What is no HTTP once may be an accident. Twice in a row it is what there is. */
function speaksNoHttp(error: unknown): boolean {
  return categorize(error) === 'protocol';
}

/** Decides about responses, and holds all calls to a host that asks for a pause. */
export function responseAdviser(plan: FetchPlan, hold: Hold): Adviser<Response> {
  return (response, context) => {
    const limit = plan.github && limitOf(response);
    if (limit !== undefined) {
      rememberRequest(response, callOf(context));
      return adviseOnGitHub(plan, hold, limit, context);
    }
    const answer = plan.onResult?.(response, context);
    const isRetryable = isYes(answer) || plan.statuses.has(response.status);
    if (!isRetryable && response.status < 400) return false;
    rememberRequest(response, callOf(context));
    const facts = responseFacts(response, isRetryable, plan.world.wallNow());
    const holdMs = holdOf(facts, plan);
    if (holdMs !== undefined && waits()) hold.start(holdMs);
    const advice = adviseOnResponse(facts, requestFacts(plan, context), plan) ?? no;
    if (!advice.retry) return advice;
    return typeof answer === 'boolean' || !isYes(answer) ? spread(advice, plan) : answer;
  };
}

/** Lets an adviser do all that it does, but leaves the retrying to a caller who has said so. */
export function unlessNested<T>(adviser: Adviser<T>): Adviser<T> {
  return (outcome, context) => {
    const answer = adviser(outcome, context);
    if (callOf(context).isNested !== true) return answer;
    const isFine = isResponse(outcome) && (answer === false || answer === no);
    return isFine ? answer : { retry: false, reason: 'nested' };
  };
}

export function isResponse(value: unknown): value is Response {
  return typeof value === 'object' && value !== null && 'arrayBuffer' in value && 'headers' in value;
}

function adviseOnGitHub(plan: FetchPlan, hold: Hold, { waitMs }: GitHubLimit, context: AttemptContext): Advice {
  const maxWaitMs = plan.github?.maxWaitMs ?? 0;
  if (waitMs !== undefined && waitMs <= maxWaitMs && waits()) hold.start(waitMs);
  return adviseOnLimit(waitMs, requestFacts(plan, context), maxWaitMs);
}

const no: Advice = { retry: false };

function responseFacts({ status, headers }: Response, isRetryable: boolean, wallNowMs: number): ResponseFacts {
  return { status, isRetryable, shouldRetry: readShouldRetry(headers), hint: readHint(headers, status, wallNowMs) };
}

function callOf(context: AttemptContext): RequestFacts & RequestShown & { readonly isNested?: boolean } {
  return (context as Context).args[0] as ReturnType<typeof callOf>;
}

/** After the last attempt nothing is sent again, whatever the body is made of. */
function requestFacts(plan: FetchPlan, context: AttemptContext): RequestFacts {
  const { isIdempotent, canResend } = callOf(context);
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
