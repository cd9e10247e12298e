/** When to try again: ProxyWhirl's retry policy. */
export { BackoffStrategy } from './backoff-strategy.ts';
export { policyRanges } from './check-policy.ts';
export type { RetryPolicyOptions } from './options.ts';
export type { RetryPolicyJson } from './policy-json.ts';
export { RetryPolicy } from './retry-policy.ts';
