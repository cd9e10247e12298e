import { attempt, Chain, type Context, type Next, type Timer } from '../../kernel/index.ts';
import { RateLimitedError } from './error.ts';
import type { RateLimitSnapshot } from './options.ts';
import type { RateLimitPlan } from './plan.ts';

/** Drives a pace: lets calls through one by one, the first come first. One timer, for the first of those who wait. */
export class Turnstile {
  readonly #plan: RateLimitPlan;
  readonly #waiting = new Chain<() => void>();
  #queued = 0;
  #timer: Timer | undefined;

  constructor(plan: RateLimitPlan) {
    this.#plan = plan;
  }

  run<T>(next: Next<T>, context: Context): Promise<T> {
    return this.tryAcquire() ? attempt(next, context) : this.#runLater(next, context);
  }

  tryAcquire(): boolean {
    const { pace, world } = this.#plan;
    const nowMs = world.now();
    if (this.#queued > 0 || pace.waitMs(nowMs, 0) > 0) return false;
    pace.take(nowMs);
    return true;
  }

  snapshot(): RateLimitSnapshot {
    const { name, pace, world } = this.#plan;
    return { name, queued: this.#queued, waitMs: pace.waitMs(world.now(), this.#queued) };
  }

  async #runLater<T>(next: Next<T>, context: Context): Promise<T> {
    const { name, pace, maxWaitMs, queue, reporter, world } = this.#plan;
    const waitMs = pace.waitMs(world.now(), this.#queued);
    const isRefused = waitMs > maxWaitMs || this.#queued >= queue;
    if (reporter.isHeard) {
      const base = { at: world.wallNow(), name };
      reporter.report(
        isRefused
          ? { ...base, type: 'rate-limit.rejected', retryAfterMs: waitMs }
          : { ...base, type: 'rate-limit.delayed', waitMs },
      );
    }
    if (isRefused) throw new RateLimitedError(name, waitMs);
    await this.#wait(context);
    // An abort may come between the moment the permit was given and this one.
    if (context.isCancellable && context.cancellation.aborted) throw context.cancellation.reason;
    return next(context);
  }

  #wait(context: Context): Promise<void> {
    return new Promise((resolve, reject) => {
      const link = this.#waiting.add(() => {
        stopListening?.();
        resolve();
      });
      this.#queued++;
      const stopListening = context.isCancellable
        ? context.cancellation.onAbort((reason) => {
            if (this.#waiting.remove(link)) this.#queued--;
            this.#schedule();
            reject(reason);
          })
        : undefined;
      this.#schedule();
    });
  }

  /** Lets through who may begin now. */
  #advance(): void {
    const { pace, world } = this.#plan;
    const nowMs = world.now();
    while (this.#queued > 0 && pace.waitMs(nowMs, 0) === 0) {
      pace.take(nowMs);
      this.#queued--;
      this.#waiting.shift()?.();
    }
    this.#schedule();
  }

  /** Keeps a timer exactly while somebody waits. */
  #schedule(): void {
    if (this.#queued === 0) {
      this.#timer?.cancel();
      this.#timer = undefined;
      return;
    }
    const { pace, world } = this.#plan;
    this.#timer ??= world.setTimer(
      () => {
        this.#timer = undefined;
        this.#advance();
      },
      pace.waitMs(world.now(), 0),
    );
  }
}
