import {
  type Advice,
  checkDuration,
  checkOneOf,
  type Emitter,
  type Keyed,
  type Ledger,
  type RetryBudget,
  retryBudget,
  type RetryScheduledEvent,
  systemWorld,
  type World,
} from 'mulligan';
import { type PersistedMetrics, persistMetrics, RetryMetrics } from '../metrics/index.ts';
import { ProxyPool } from '../pool/index.ts';
import { Selector } from '../select/index.ts';
import { Blame } from './blame.ts';
import type { RotatorOptions } from './options.ts';
import type { ProxyEvent } from './proxy-event.ts';
import type { WaitBetweenProxies } from './request.ts';
import { Resting } from './resting.ts';
import type { RouteServices } from './route.ts';

/** What was judged about a failed attempt, kept beside its error for the retry loop to find. */
export interface Judgement {
  readonly advice: Advice;
  /** Another attempt will follow. */
  scheduled(event: RetryScheduledEvent): void;
  /** The error of the whole request. */
  finalError(ledger: Ledger): unknown;
}

/** What all requests of a rotator share. */
export interface FailoverServices extends RouteServices {
  readonly isDirect: boolean;
  readonly metrics: RetryMetrics;
  readonly persisted: PersistedMetrics | undefined;
  readonly events: Emitter<ProxyEvent>;
  readonly blame: Blame;
  readonly judgements: WeakMap<object, Judgement>;
  /** One budget of retries per target; none without. */
  readonly budgets: Keyed<RetryBudget> | undefined;
  readonly waitBetweenProxies: WaitBetweenProxies;
  /** How long a proxy and a target rest from each other after a ban. */
  readonly restMs: number;
  readonly world: World;
}

/** Makes what a rotator needs, and puts it together: what happens to the pool reaches metrics, events and choice. */
export function makeServices(options: RotatorOptions, events: Emitter<ProxyEvent>): FailoverServices {
  const { world = systemWorld, budget, circuitBreaker = {}, proxies = [], waitBetweenProxies = 'policy' } = options;
  const { file, ...kept } = options.metrics ?? {};
  const metrics = new RetryMetrics({ ...kept, world });
  const selector = makeSelector(options, world);
  const pool = new ProxyPool({ circuitBreaker, world });
  pool.watch(selector);
  pool.events.on((event) => {
    if (event.type === 'breaker.transition') metrics.recordBreakerEvent({ ...event, failureCount: event.failures });
    if (events.isHeard) events.emit(event);
  });
  for (const proxy of proxies) pool.add(proxy);
  return {
    pool,
    selector,
    metrics,
    persisted: file === undefined ? undefined : persistMetrics(metrics, file, { world }),
    events,
    resting: new Resting(world),
    isDirect: options.direct ?? false,
    blame: new Blame(world),
    judgements: new WeakMap(),
    budgets: budget === null ? undefined : (budget ?? retryBudget.keyed(() => retryBudget({ world }))),
    waitBetweenProxies: checkOneOf('waitBetweenProxies', waitBetweenProxies, ['policy', 'none-if-other', 'none']),
    restMs: checkDuration('rest', options.rest ?? '60s'),
    world,
  };
}

function makeSelector(options: RotatorOptions, world: World): FailoverServices['selector'] {
  const { strategy, retryStrategy, sessionTtl, maxSessions } = options;
  return new Selector({
    world,
    ...(strategy === undefined ? {} : { strategy }),
    ...(retryStrategy === undefined ? {} : { retryStrategy }),
    ...(sessionTtl === undefined ? {} : { sessionTtl }),
    ...(maxSessions === undefined ? {} : { maxSessions }),
  });
}
