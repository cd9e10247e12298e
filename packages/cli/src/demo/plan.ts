import type { RetryPolicyOptions } from '@mulligan/proxy';
import type { Fault, TimeRange } from './upstream.ts';

/** One upstream proxy of the demonstration. */
export interface UpstreamPlan {
  readonly name: string;
  /** What is wrong with it; `'absent'` means that nothing listens where it should be. */
  readonly fault: Fault | 'absent';
}

/** The upstream proxies of the demonstration: two of seven are in good health. */
export const upstreamPlans: readonly UpstreamPlan[] = [
  { name: 'steady-1', fault: { kind: 'none' } },
  { name: 'steady-2', fault: { kind: 'none' } },
  { name: 'slow', fault: { kind: 'slow', fromMs: 400, toMs: 1200 } },
  { name: 'flaky', fault: { kind: 'drops', share: 0.5 } },
  { name: 'overloaded', fault: { kind: 'answers', status: 503 } },
  { name: 'absent', fault: 'absent' },
  { name: 'mortal', fault: { kind: 'dies', fromMs: 6000, toMs: 12_000 } },
];

/** How long a process that has died stays away. */
export const absence: TimeRange = { fromMs: 2000, toMs: 4000 };

/**
 * Attempts enough to come past every faulty proxy, and short waits, so that a person sees a second chance being taken
 * instead of waiting for it. The gateway's own defaults are three attempts and waits from 1 s.
 */
export const demoPolicy: RetryPolicyOptions = {
  maxAttempts: 6,
  baseDelay: '100ms',
  maxBackoffDelay: '1s',
  jitter: true,
};
