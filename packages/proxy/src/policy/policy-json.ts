import type { BackoffStrategy } from './backoff-strategy.ts';
import type { RetryPolicyOptions } from './options.ts';

/** A retry policy as the REST API and configuration files write it: snake_case, times in seconds. */
export interface RetryPolicyJson {
  readonly max_attempts: number;
  readonly backoff_strategy: BackoffStrategy;
  readonly base_delay: number;
  readonly multiplier: number;
  readonly max_backoff_delay: number;
  readonly jitter: boolean | 'decorrelated';
  readonly retry_status_codes: readonly number[];
  readonly timeout: number | null;
  readonly retry_non_idempotent: boolean;
}

interface PolicyField {
  readonly option: keyof RetryPolicyOptions;
  readonly isSeconds?: boolean;
}

/** Which option each field of {@link RetryPolicyJson} is, and whether it is a time in seconds. */
export const policyFields: Readonly<Record<keyof RetryPolicyJson, PolicyField>> = {
  max_attempts: { option: 'maxAttempts' },
  backoff_strategy: { option: 'backoffStrategy' },
  base_delay: { option: 'baseDelay', isSeconds: true },
  multiplier: { option: 'multiplier' },
  max_backoff_delay: { option: 'maxBackoffDelay', isSeconds: true },
  jitter: { option: 'jitter' },
  retry_status_codes: { option: 'retryStatusCodes' },
  timeout: { option: 'timeout', isSeconds: true },
  retry_non_idempotent: { option: 'retryNonIdempotent' },
};
