import {
  checkDuration,
  checkFunction,
  checkKeys,
  checkNumber,
  checkOneOf,
  Reporter,
  resolveErrorFilter,
  isTransient,
  systemWorld,
  TimeLimit,
  type ErrorFilter,
  type World,
} from '../kernel/index.ts';
import { type ErrorPredicate, type RetryOptions, retry, retryBudget, retryDefaults } from '../retry/index.ts';
import type { FetchInput, PayloadRules } from './body.ts';
import type { HintRules } from './classify.ts';
import { type GitHubPlan, planGitHub } from './github.ts';
import { type IdempotencyRules, idempotentMethods, randomKey } from './idempotency.ts';
import { type FetchFunction, type FetchOptions, fetchDefaults, type FetchRetryOptions } from './options.ts';

/** {@link FetchOptions}, checked once and in one fixed shape. */
export interface FetchPlan extends HintRules, IdempotencyRules, PayloadRules {
  readonly fetch: FetchFunction;
  /** What each origin's retry is made of, but for its advice and its budget. */
  readonly retry: Omit<FetchRetryOptions, 'on' | 'onResult' | 'attemptTimeout' | 'name' | 'budget'>;
  readonly attemptLimit: TimeLimit | undefined;
  readonly on: ErrorPredicate;
  readonly onResult: RetryOptions<Response>['onResult'];
  readonly statuses: ReadonlySet<number>;
  readonly hasHold: boolean;
  readonly hintJitter: number;
  readonly isBuffered: boolean;
  readonly github: GitHubPlan | undefined;
  readonly stopOuterRetries: boolean;
  readonly budget: NonNullable<FetchOptions['budget']>;
  readonly breaker: FetchOptions['breaker'];
  readonly name: string | undefined;
  readonly reporter: Reporter;
  readonly world: World;
}

/** Every name that `createFetch` knows; a test compares it with the type. */
export const fetchOptionNames: readonly (keyof FetchOptions)[] = [
  'retry',
  'timeout',
  'attemptTimeout',
  'fetch',
  'statuses',
  'methods',
  'idempotencyKey',
  'spool',
  'buffer',
  'hold',
  'maxHintWait',
  'ifHintTooLong',
  'hintJitter',
  'stopOuterRetries',
  'github',
  'budget',
  'breaker',
  'name',
  'onEvent',
  'world',
];

/** Checks the options and answers what is wrong with them in sentences. */
export function planFetch(options: FetchOptions = {}): FetchPlan {
  checkKeys('createFetch', options, fetchOptionNames);
  const given = mergeRetry(options);
  const { on, onResult, attemptTimeout: _applied, name, budget, ...kept } = given;
  const { world = systemWorld, attempts = retryDefaults.attempts } = given;
  // The engine checks the two limits against each other. That of an attempt is applied below the hold, not by it.
  const { attemptTimeoutMs } = retry(given).description;
  return {
    ...planSafety(options),
    ...planHints(options),
    fetch: checkFunction('fetch', options.fetch ?? callGlobalFetch),
    retry: { ...kept, world },
    attempts,
    attemptLimit: attemptTimeoutMs === undefined ? undefined : new TimeLimit(world, attemptTimeoutMs, 'attempt'),
    on: on === undefined ? isTransient : resolveErrorFilter('on', on as ErrorFilter),
    onResult: onResult && checkFunction('onResult', onResult),
    isBuffered: options.buffer ?? false,
    github: planGitHub(options.github),
    stopOuterRetries: attempts > 1 && (options.stopOuterRetries ?? true),
    budget: options.budget ?? budget ?? retryBudget.keyed(() => retryBudget({ world })),
    breaker: options.breaker,
    name,
    reporter: new Reporter(given.onEvent),
    world,
  };
}

/** What stands beside `retry` wins over what stands in it. */
function mergeRetry(options: FetchOptions): FetchRetryOptions {
  const { retry: given = {} } = options;
  const merged = typeof given === 'object' ? { ...given } : { attempts: given === false ? 1 : given };
  for (const name of ['timeout', 'attemptTimeout', 'name', 'onEvent', 'world'] as const) {
    if (options[name] !== undefined) Object.assign(merged, { [name]: options[name] });
  }
  return merged;
}

function planSafety(options: FetchOptions): Pick<FetchPlan, 'statuses' | 'methods' | 'key' | 'spoolBytes'> {
  const { statuses = fetchDefaults.statuses, methods = idempotentMethods, idempotencyKey = false } = options;
  const given = typeof idempotencyKey === 'object' ? idempotencyKey : {};
  checkKeys('idempotencyKey', given, ['header', 'generate']);
  const { header = fetchDefaults.idempotencyHeader, generate = randomKey } = given;
  return {
    statuses: new Set(
      Array.from(statuses, (status) => checkNumber('statuses', status, { min: 100, max: 599, whole: true })),
    ),
    methods: new Set(Array.from(methods, (method) => method.toUpperCase())),
    key: { header, generate: checkFunction('idempotencyKey.generate', generate), isSent: idempotencyKey !== false },
    spoolBytes: checkNumber('spool', options.spool ?? fetchDefaults.spoolBytes, { min: 0 }),
  };
}

function planHints(options: FetchOptions): HintRules & Pick<FetchPlan, 'hasHold' | 'hintJitter'> {
  const { hold = true, maxHintWait = fetchDefaults.maxHintWaitMs, ifHintTooLong = 'fail' } = options;
  return {
    hasHold: hold,
    maxHintMs: checkDuration('maxHintWait', maxHintWait),
    ifHintTooLong: checkOneOf('ifHintTooLong', ifHintTooLong, ['fail', 'clamp', 'ignore']),
    hintJitter: checkNumber('hintJitter', options.hintJitter ?? fetchDefaults.hintJitter, { min: 0, max: 1 }),
  };
}

/** Looked up at each attempt, so that whoever replaces it later is heard. */
function callGlobalFetch(input: FetchInput, init?: RequestInit): Promise<Response> {
  return globalThis.fetch(input, init);
}
