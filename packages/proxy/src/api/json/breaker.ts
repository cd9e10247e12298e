import type { World } from 'mulligan';
import type { BreakerRecord } from '../../metrics/index.ts';
import type { Proxy } from '../../pool/index.ts';
import type { BreakerEventJson, CircuitBreakerJson } from '../schema/breaker.ts';
import { orNull, toMoment, toSeconds } from './number.ts';

/** The breaker of a proxy as the API shows it. */
export function breakerJson({ id, breaker, addedAt }: Proxy, world: World): CircuitBreakerJson {
  const { state, failureCount, failureThreshold, windowMs, openForMs, retryAfterMs, lastChangeAt } = breaker.snapshot();
  const isTimed = state === 'open' && Number.isFinite(retryAfterMs);
  return {
    proxy_id: id,
    state,
    failure_count: failureCount,
    failure_threshold: orNull(failureThreshold),
    window_duration: windowMs === Number.POSITIVE_INFINITY ? null : toSeconds(windowMs),
    timeout_duration: toSeconds(openForMs),
    next_test_time: isTimed ? toMoment(world.wallNow() + retryAfterMs) : null,
    next_test_in: isTimed ? toSeconds(retryAfterMs) : null,
    last_state_change: toMoment(lastChangeAt ?? addedAt),
  };
}

/** A change of a breaker's state as the API shows it. */
export function breakerEventJson({ proxyId, from, to, at, failureCount }: BreakerRecord): BreakerEventJson {
  return { proxy_id: proxyId, from_state: from, to_state: to, timestamp: toMoment(at), failure_count: failureCount };
}
