import { type Context, type Reporter, sleep, type World } from '../kernel/index.ts';
import { HeldError } from './error.ts';

/** What a hold needs to know of its fetch. */
export interface HoldPlan {
  readonly hasHold: boolean;
  /** The share of a pause over which its end is spread, so that those who waited do not return together. */
  readonly hintJitter: number;
  readonly reporter: Reporter;
  readonly world: World;
}

/**
 * A pause of all calls to one host: when it tells one of them to wait, the others need not be told one by one.
 * Calls wait here before they are sent; they never fail for it, unless they have no time to wait.
 */
export class Hold {
  readonly #origin: string;
  readonly #plan: HoldPlan;
  #untilMs = 0;
  #spreadMs = 0;

  constructor(origin: string, plan: HoldPlan) {
    this.#origin = origin;
    this.#plan = plan;
  }

  /** Holds all calls for this long. A hold is never made shorter. */
  start(holdMs: number): void {
    const { world, hasHold, hintJitter, reporter } = this.#plan;
    const untilMs = world.now() + holdMs;
    if (!hasHold || untilMs <= this.#untilMs) return;
    const isNews = !this.isOn;
    this.#untilMs = untilMs;
    this.#spreadMs = holdMs * hintJitter;
    if (isNews && reporter.isHeard) {
      reporter.report({ type: 'http.held', at: world.wallNow(), name: this.#origin, holdMs });
    }
  }

  get isOn(): boolean {
    return this.#untilMs > 0 && this.#plan.world.now() < this.#untilMs;
  }

  /**
   * Waits until the hold is over, also when it is prolonged meanwhile.
   * @throws {HeldError} at once, when the call must have ended before
   */
  async wait(context: Context): Promise<void> {
    const { world } = this.#plan;
    while (this.isOn) {
      const leftMs = this.#untilMs - world.now();
      if (this.#untilMs >= context.deadlineMs) throw new HeldError(context.name, leftMs);
      const waitMs = leftMs + this.#spreadMs * world.random();
      await sleep(world, waitMs, context.isCancellable ? context.cancellation : undefined);
    }
  }
}
