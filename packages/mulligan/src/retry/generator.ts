import { type Context, type Outcome, unwrap } from '../kernel/index.ts';
import { openCall } from './open.ts';
import type { RetryPlan } from './plan.ts';
import { pause } from './run.ts';

/** Whether a function is a generator. One that only returns an iterator cannot be told from others. */
export function isGeneratorFunction(fn: unknown): boolean {
  return Object.prototype.toString.call(fn) === '[object GeneratorFunction]';
}

/**
 * Retries a generator from the start: what an attempt yielded before it failed has been yielded. What the consumer
 * sends, throws or returns goes to the attempt that runs. Source: stamina.
 */
export function* retryGenerator(
  plan: RetryPlan,
  make: (context: Context) => Iterable<unknown>,
  given: Context,
): Generator<unknown, unknown, unknown> {
  const { call, close } = openCall(plan, given);
  try {
    for (let context: Context | undefined = call.attempt; context !== undefined; context = call.next()) {
      let outcome: Outcome<unknown>;
      try {
        outcome = { ok: true, value: yield* make(context) };
      } catch (error) {
        outcome = { ok: false, error };
      }
      const waitMs = call.after(outcome);
      if (waitMs === undefined) break;
      plan.world.sleepSync(waitMs);
    }
    return unwrap(call.ending);
  } finally {
    close();
  }
}

/** As {@link retryGenerator}. An abort ends a wait; time limits are looked at between attempts. */
export async function* retryAsyncGenerator(
  plan: RetryPlan,
  make: (context: Context) => AsyncIterable<unknown>,
  given: Context,
): AsyncGenerator<unknown, unknown, unknown> {
  const { call, close } = openCall(plan, given);
  try {
    for (let context: Context | undefined = call.attempt; context !== undefined; context = call.next()) {
      let outcome: Outcome<unknown>;
      try {
        outcome = { ok: true, value: yield* make(context) };
      } catch (error) {
        outcome = { ok: false, error };
      }
      const waitMs = call.after(outcome);
      if (waitMs === undefined) break;
      await pause(call, waitMs);
    }
    return unwrap(call.ending);
  } finally {
    close();
  }
}
