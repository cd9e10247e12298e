import { Context } from '../kernel/index.ts';
import type { RetryOptions } from './options.ts';
import { planRetry } from './plan.ts';

/** Whether `retry` with these options would retry an error: for those who write their own loop. */
export function shouldRetry(error: unknown, { on, unless }: Pick<RetryOptions, 'on' | 'unless'> = {}): boolean {
  const plan = planRetry({ ...(on !== undefined && { on }), ...(unless !== undefined && { unless }) });
  return plan.adviseOnError(error, new Context('shouldRetry')).retry;
}
