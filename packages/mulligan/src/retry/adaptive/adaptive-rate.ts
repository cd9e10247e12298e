import {
  checkFunction,
  checkKeys,
  type Context,
  definePolicy,
  type EventListener,
  factsOf,
  type Keyed,
  keyed,
  type KeyedOptions,
  type Next,
  type Outcome,
  type Policy,
  Reporter,
  settle,
  sleep,
  statusFacts,
  systemWorld,
  unwrap,
  type World,
} from '../../kernel/index.ts';
import { SendRate } from './send-rate.ts';

/** Options of {@link adaptiveRate}. */
export interface AdaptiveRateOptions {
  /**
   * Whether the server asks for less.
   * @default errors of the category `'rate-limit'` (see `categorize`), and values with a `status` of 429
   */
  readonly isThrottle?: (outcome: Outcome<unknown>) => boolean;
  /** For events. @default the name of the call */
  readonly name?: string;
  /** Listens to the events of this policy only; see `onEvent` for all. */
  readonly onEvent?: EventListener;
  /** Where time comes from. @default systemWorld */
  readonly world?: World;
}

/** See {@link adaptiveRate}. */
export interface AdaptiveRate extends Policy {
  /** How many calls may be made per second now; `Infinity` until the server throttles. */
  readonly perSecond: number;
}

/** See {@link adaptiveRate}. */
export interface AdaptiveRateFactory {
  (options?: AdaptiveRateOptions): AdaptiveRate;
  /** One rate per key, such as a host, made when first asked for. */
  keyed(options?: AdaptiveRateOptions, keyedOptions?: KeyedOptions): Keyed<AdaptiveRate>;
}

/**
 * Sends no faster than the server likes: the rate falls when the server throttles and grows again while all goes well,
 * as in the adaptive mode of the AWS SDKs. Put it inside of a retry, so that it slows down first attempts as well.
 * Before the first throttle it costs nothing and delays nothing.
 *
 * @example
 * const polite = pipeline(retry({ attempts: 5 }), adaptiveRate());
 */
export const adaptiveRate: AdaptiveRateFactory = Object.assign(makeRate, {
  keyed: (options: AdaptiveRateOptions = {}, keyedOptions?: KeyedOptions) => {
    const name = (key: string): string => (options.name === undefined ? key : `${options.name}:${key}`);
    makeRate(options);
    return keyed((key) => makeRate({ ...options, name: name(key) }), keyedOptions);
  },
});

interface RatePlan {
  readonly rate: SendRate;
  readonly isThrottle: (outcome: Outcome<unknown>) => boolean;
  readonly name: string | undefined;
  readonly reporter: Reporter;
  readonly world: World;
}

function makeRate(options: AdaptiveRateOptions = {}): AdaptiveRate {
  checkKeys('adaptiveRate', options, ['isThrottle', 'name', 'onEvent', 'world']);
  const { isThrottle = looksThrottled, name, onEvent, world = systemWorld } = options;
  const rate = new SendRate(world.now());
  checkFunction('isThrottle', isThrottle);
  const plan: RatePlan = { rate, isThrottle, name, reporter: new Reporter(onEvent), world };
  const policy = definePolicy((next, context) => send(plan, next, context), {
    kind: 'adaptiveRate',
    ...(name !== undefined && { name }),
  });
  return Object.defineProperty(policy, 'perSecond', { get: () => rate.perSecond, enumerable: true }) as AdaptiveRate;
}

async function send<T>(plan: RatePlan, next: Next<T>, context: Context): Promise<T> {
  const { rate, world } = plan;
  const waitMs = rate.reserve(world.now());
  if (waitMs > 0) await waitForTurn(plan, waitMs, context);
  const outcome = await settle(() => next(context));
  rate.record(world.now(), plan.isThrottle(outcome));
  return unwrap(outcome);
}

async function waitForTurn({ rate, name, reporter, world }: RatePlan, waitMs: number, context: Context): Promise<void> {
  if (reporter.isHeard) {
    reporter.report({ type: 'rate-limit.delayed', at: world.wallNow(), name: name ?? context.name, waitMs });
  }
  try {
    await sleep(world, waitMs, context.isCancellable ? context.cancellation : undefined);
  } catch (reason) {
    rate.giveBack();
    throw reason;
  }
}

function looksThrottled(outcome: Outcome<unknown>): boolean {
  if (!outcome.ok) return factsOf(outcome.error).category === 'rate-limit';
  const { value } = outcome;
  const status = typeof value === 'object' && value !== null && 'status' in value ? value.status : undefined;
  return typeof status === 'number' && statusFacts(status)?.category === 'rate-limit';
}
