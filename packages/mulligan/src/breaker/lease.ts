import { TimeoutError, type World } from '../kernel/index.ts';
import type { EndedCall } from './machine.ts';
import type { BreakerPlan } from './plan.ts';
import type { BreakerLease } from './breaker.ts';

/** Who is told how a call ended. */
interface Lessor {
  readonly plan: BreakerPlan;
  readonly world: World;
  succeed(call: EndedCall): void;
  fail(call: EndedCall, cause: unknown): void;
  release(ticket: number): void;
}

/** What share of a time limit counts as all of it. */
const wholeTime = 0.9;

/** The ticket of one call, good for one verdict. */
export class Lease implements BreakerLease, EndedCall {
  readonly ticket: number;
  readonly #lessor: Lessor;
  readonly #startedMs: number;
  #isOver = false;

  constructor(lessor: Lessor, ticket: number, startedMs: number) {
    this.#lessor = lessor;
    this.ticket = ticket;
    this.#startedMs = startedMs;
  }

  get nowMs(): number {
    return this.#lessor.world.now();
  }

  get durationMs(): number {
    return this.nowMs - this.#startedMs;
  }

  success(): void {
    if (this.#end()) this.#lessor.succeed(this);
  }

  failure(error?: unknown): void {
    if (this.#end()) this.#lessor.fail(this, error);
  }

  release(): void {
    if (this.#end()) this.#lessor.release(this.ticket);
  }

  /** Judges what the call returned. */
  judge(value: unknown): void {
    const { isFailure } = this.#lessor.plan;
    if (isFailure?.(value) === true) this.failure();
    else this.success();
  }

  /** Judges what the call threw. */
  blame(error: unknown): void {
    if (this.#lessor.plan.isCharged(error)) this.failure(error);
    else this.release();
  }

  /**
   * The call was cancelled. That its caller left says nothing. But if a time limit ended it, and the call had that time
   * to itself, then it is the other side that took too long.
   */
  cancel(reason: unknown): void {
    if (reason instanceof TimeoutError && this.durationMs >= reason.timeoutMs * wholeTime) this.blame(reason);
    else this.release();
  }

  #end(): boolean {
    if (this.#isOver) return false;
    this.#isOver = true;
    return true;
  }
}
