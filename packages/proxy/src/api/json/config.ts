import { type BreakerSettings, circuitBreaker } from 'mulligan';
import type { HealthSettings } from '../../health/index.ts';
import type { ProxyRotator } from '../../rotator/index.ts';
import type { BreakerChanges, ConfigJson } from '../schema/config.ts';
import { orNull, toSeconds } from './number.ts';
import { policyJson } from './policy.ts';

/** What is set, as the API shows it. */
export function configJson(rotator: ProxyRotator, health: HealthSettings | undefined): ConfigJson {
  // A breaker that is made of the settings says what they come to.
  const { failureThreshold, windowMs, openForMs } = circuitBreaker(rotator.breakerSettings).snapshot();
  return {
    retry_policy: policyJson(rotator),
    circuit_breaker: {
      failure_threshold: orNull(failureThreshold),
      window_duration: windowMs === Number.POSITIVE_INFINITY ? null : toSeconds(windowMs),
      timeout_duration: toSeconds(openForMs),
    },
    strategy: rotator.strategy.name,
    retry_strategy: rotator.retryStrategy.name,
    health_check: health === undefined ? null : healthJson(health),
    direct: rotator.isDirect,
  };
}

function healthJson(health: HealthSettings): NonNullable<ConfigJson['health_check']> {
  const { url, timeoutMs, intervalMs, deadMs, maxDeadMs, concurrency } = health;
  return {
    url: url === undefined ? null : bareUrl(url),
    timeout: toSeconds(timeoutMs),
    interval: toSeconds(intervalMs),
    dead_interval: toSeconds(deadMs),
    max_dead_interval: toSeconds(maxDeadMs),
    concurrency,
  };
}

/** A query may hold a key. */
function bareUrl(url: string): string {
  const { origin, pathname } = new URL(url);
  return origin + pathname;
}

/** Changes of the breakers that a client sent, as the rotator takes them. */
export function breakerSettings(changes: BreakerChanges): BreakerSettings {
  const { failure_threshold: failures, window_duration: window, timeout_duration: openFor } = changes;
  return {
    ...(failures === undefined ? {} : { failures }),
    ...(window === undefined ? {} : { window: window * 1000 }),
    ...(openFor === undefined ? {} : { openFor: openFor * 1000 }),
  };
}
