// Seed 3, example 7: how the waits between attempts grow.
// #region strategies
import { BackoffStrategy, RetryPolicy } from '@mulligan/proxy';
// #endregion
import { waitsOf } from './support/waits.ts';

// #region strategies
const growing = new RetryPolicy({ maxAttempts: 5, baseDelay: '1s', maxBackoffDelay: '5s' });
const linear = growing.with({ backoffStrategy: BackoffStrategy.LINEAR });
const fixed = growing.with({ backoffStrategy: BackoffStrategy.FIXED });
// Half more or less, but never more than the longest wait; or AWS's way, which grows by chance itself.
const jittered = growing.with({ jitter: true });
const decorrelated = growing.with({ jitter: 'decorrelated' });
// #endregion

const show = (waits: readonly number[]): string => waits.map((ms) => (ms / 1000).toFixed(1)).join(', ');
console.log(`exponential: ${show(await waitsOf(growing))} s`);
console.log(`linear: ${show(await waitsOf(linear))} s`);
console.log(`fixed: ${show(await waitsOf(fixed))} s`);
const shortest = async (policy: RetryPolicy): Promise<number> => Math.min(...(await waitsOf(policy)));
const longest = async (policy: RetryPolicy): Promise<number> => Math.max(...(await waitsOf(policy)));
console.log(`with jitter at least half of the first wait: ${(await shortest(jittered)) >= 500}`);
console.log(`and never above the cap: ${Math.max(await longest(jittered), await longest(decorrelated)) <= 5000}`);
