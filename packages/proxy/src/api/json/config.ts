import { type BreakerSettings, circuitBreaker } from 'mulligan';
import type { ProxyRotator } from '../../rotator/index.ts';
import type { BreakerChanges, ConfigJson } from '../schema/config.ts';
import { orNull, toSeconds } from './number.ts';
import { policyJson } from './policy.ts';

/** What is set, as the API shows it. */
export function configJson(rotator: ProxyRotator): ConfigJson {
  // A breaker that is made of the settings says what they come to.
  const { failureThreshold, windowMs, openForMs } = circuitBreaker(rotator.breakerSettings).snapshot();
  return {
    retry_policy: policyJson(rotator),
    circuit_breaker: {
      failure_threshold: orNull(failureThreshold),
      window_duration: windowMs === Number.POSITIVE_INFINITY ? null : toSeconds(windowMs),
      timeout_duration: toSeconds(openForMs),
    },
    direct: rotator.isDirect,
  };
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
