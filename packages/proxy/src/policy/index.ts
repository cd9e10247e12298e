/** When to try again, ProxyWhirl's retry policy; and what is a ban. */
export { BackoffStrategy } from './backoff-strategy.ts';
export { type BanRule, BanRules, type BanVerdict, type ResponseHead } from './ban-rules.ts';
export { policyRanges } from './checked-policy.ts';
export type { RetryPolicyOptions } from './options.ts';
export type { RetryPolicyJson } from './policy-json.ts';
export { RetryPolicy } from './retry-policy.ts';
