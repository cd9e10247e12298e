import { Cancellation, type Reporter, sleep, type World } from '../../kernel/index.ts';
import { HeldError } from '../../http/index.ts';
import { type Bucket, take, waitFor } from './bucket.ts';
import type { ModelLimits } from './read-limits.ts';

/** What a pacer needs to know. */
export interface PacerPlan {
  /** A wait that would be longer is refused instead. */
  readonly maxWaitMs: number;
  /** Up to which share of a wait is waited in addition, so that not all who wait go on at once. */
  readonly spread: number;
  readonly reporter: Reporter;
  readonly world: World;
}

/** Lets requests to one model of one endpoint wait until its limits have room for them, instead of being refused there. */
export class Pacer {
  readonly #name: string;
  readonly #plan: PacerPlan;
  #requests: Bucket | undefined;
  #tokens: Bucket | undefined;
  #heldUntilMs = 0;

  constructor(name: string, plan: PacerPlan) {
    this.#name = name;
    this.#plan = plan;
  }

  /** How long a request with so many tokens would have to wait now. */
  waitMs(tokens: number): number {
    const nowMs = this.#plan.world.now();
    const forRequest = this.#requests === undefined ? 0 : waitFor(this.#requests, 1, nowMs);
    const forTokens = this.#tokens === undefined ? 0 : waitFor(this.#tokens, tokens, nowMs);
    return Math.max(forRequest, forTokens, this.#heldUntilMs - nowMs);
  }

  /**
   * Waits until there is room, and takes it.
   * @throws {HeldError} at once, when that would take longer than allowed
   */
  async admit(tokens: number, signal: AbortSignal | undefined): Promise<void> {
    const { world } = this.#plan;
    const waitMs = this.waitMs(tokens);
    if (waitMs > 0) await this.#wait(waitMs, tokens, signal);
    const nowMs = world.now();
    this.#requests &&= take(this.#requests, 1, nowMs);
    this.#tokens &&= take(this.#tokens, tokens, nowMs);
  }

  /** Takes over what an answer tells; what it does not tell of stays. */
  learn({ requests, tokens }: ModelLimits): void {
    const atMs = this.#plan.world.now();
    if (requests !== undefined) this.#requests = { ...requests, atMs };
    if (tokens !== undefined) this.#tokens = { ...tokens, atMs };
  }

  /** Lets all requests wait for so long, where that is not too long to be waited. */
  hold(holdMs: number): void {
    const { maxWaitMs, world } = this.#plan;
    if (holdMs <= maxWaitMs) this.#heldUntilMs = Math.max(this.#heldUntilMs, world.now() + holdMs);
  }

  async #wait(firstMs: number, tokens: number, signal: AbortSignal | undefined): Promise<void> {
    const { maxWaitMs, spread, world } = this.#plan;
    if (firstMs > maxWaitMs) throw new HeldError(this.#name, firstMs);
    this.#report(firstMs);
    const cancellation = signal === undefined ? undefined : new Cancellation(signal);
    try {
      for (let waitMs = firstMs; waitMs > 0; waitMs = this.waitMs(tokens)) {
        await sleep(world, Math.ceil(waitMs * (1 + spread * world.random())), cancellation);
      }
    } finally {
      cancellation?.close();
    }
  }

  #report(waitMs: number): void {
    const { reporter, world } = this.#plan;
    if (!reporter.isHeard) return;
    reporter.report({ type: 'rate-limit.delayed', at: world.wallNow(), name: this.#name, waitMs });
  }
}
