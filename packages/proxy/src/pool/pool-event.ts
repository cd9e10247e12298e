import type { BreakerTransitionEvent } from 'mulligan';

interface PoolEventBase {
  /** Wall-clock milliseconds since 1970-01-01 UTC. */
  readonly at: number;
  readonly proxyId: string;
}

/** A proxy came into the pool, changed, or left it. */
export interface PoolChangedEvent extends PoolEventBase {
  readonly type: 'pool.added' | 'pool.updated' | 'pool.removed';
}

/** The circuit breaker of a proxy went from one state to another. */
export interface ProxyBreakerEvent
  extends PoolEventBase, Pick<BreakerTransitionEvent, 'from' | 'to' | 'reason' | 'failures'> {
  readonly type: 'breaker.transition';
}

/** What happens to the proxies of a pool. */
export type PoolEvent = PoolChangedEvent | ProxyBreakerEvent;
