import { checkDuration, checkFunction, checkKeys, type Duration, Reporter, systemWorld } from '../kernel/index.ts';
import {
  createFetch,
  fetchDefaults,
  type FetchInput,
  type FetchOptions,
  type FetchRetryOptions,
  idempotentMethods,
  type ResilientFetch,
} from '../http/index.ts';
import { languageModelRetry } from './defaults.ts';
import { estimateTokens } from './limits/request-size.ts';
import { ModelSender } from './model-sender.ts';

/** How requests wait for the limits of a model. */
export interface PaceOptions {
  /** A request that would have to wait longer fails at once with a `HeldError`. @default '60s' */
  readonly maxWait?: Duration;
  /** How many tokens a request will take. @default a token for each 4 characters, and those that it asks for at most */
  readonly estimateTokens?: (body: string) => number;
}

/** The options of {@link createModelFetch}: those of `createFetch`, and one more. */
export interface ModelFetchOptions extends FetchOptions {
  /**
   * Whether requests wait for the limits of tokens and requests that the provider tells of in its headers, instead of
   * being refused by it. Limits are kept for each model, account and endpoint; so is a pause that a 429 or 503 asks for,
   * in the place of `hold`. @default true
   */
  readonly pace?: PaceOptions | boolean;
}

/**
 * A `fetch` for the endpoints of language models, to be given to their SDKs: `new OpenAI({ ...noRetries.openai, fetch })`.
 * It is `createFetch` with 2 retries from 2 s to 60 s, which also sends a POST again: a model that has answered twice has
 * cost twice, and done no harm. A stream is retried until its first event, also when that is an error. A 429 that means
 * an empty account is returned at once.
 *
 * @throws {InvalidOptionError} for options that cannot be meant
 */
export function createModelFetch(options: ModelFetchOptions = {}): ResilientFetch {
  const { pace = true, attemptTimeout, fetch = callGlobalFetch, retry, ...rest } = options;
  const { attemptTimeout: inner, ...given } = withDefaults(retry);
  const limit = attemptTimeout ?? inner;
  const own = typeof pace === 'object' ? pace : {};
  checkKeys('pace', own, ['maxWait', 'estimateTokens']);
  const sender = new ModelSender({
    fetch: checkFunction('fetch', fetch),
    attemptMs: limit === undefined ? undefined : checkDuration('attemptTimeout', limit, 1),
    isPaced: pace !== false,
    maxWaitMs: checkDuration('pace.maxWait', own.maxWait ?? '60s'),
    spread: options.hintJitter ?? fetchDefaults.hintJitter,
    tokensOf: checkFunction('pace.estimateTokens', own.estimateTokens ?? estimateTokens),
    reporter: new Reporter(options.onEvent ?? given.onEvent),
    world: options.world ?? given.world ?? systemWorld,
  });
  return createFetch({
    methods: [...idempotentMethods, 'POST'],
    statuses: [...fetchDefaults.statuses, 409],
    hold: pace === false,
    ...rest,
    retry: given,
    fetch: (input, init) => sender.send(input, init),
  });
}

function withDefaults(retry: FetchOptions['retry'] = {}): FetchRetryOptions {
  const { attempts, backoff } = languageModelRetry;
  const defaults = { attempts, backoff } as FetchRetryOptions;
  if (typeof retry === 'object') return { ...defaults, ...retry };
  return { ...defaults, attempts: retry === false ? 1 : retry };
}

/** Looked up at each attempt, so that whoever replaces it later is heard. */
function callGlobalFetch(input: FetchInput, init?: RequestInit): Promise<Response> {
  return globalThis.fetch(input, init);
}
