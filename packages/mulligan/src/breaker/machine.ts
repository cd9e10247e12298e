import type { BreakerReason, BreakerState } from '../kernel/index.ts';
import type { BreakerPlan } from './plan.ts';
import type { CallWindow } from './window.ts';

/** What {@link BreakerMachine.acquire} answers when the call is refused. */
export const refused = -1;

/** A call that has ended. Its times are only looked at where they matter, for reading a clock has its price. */
export interface EndedCall {
  readonly ticket: number;
  readonly nowMs: number;
  readonly durationMs: number;
}

interface Permit {
  readonly ticket: number;
  readonly sinceMs: number;
}

const noPermits: readonly Permit[] = Object.freeze([]);

/**
 * The state machine of a circuit breaker. It is told what time it is and reads no clock.
 *
 * A call that is let through gets a ticket. A ticket is only good in the state that gave it: what a call of an earlier
 * state ends with says nothing about the present one. While half open each ticket is a permit, good for one verdict.
 */
export class BreakerMachine {
  #plan: BreakerPlan;
  #state: BreakerState = 'closed';
  #reason: BreakerReason | undefined;
  #serial = 0;
  /** The serial number with which the present state began: the ticket of every call of a closed breaker. */
  #epoch = 0;
  #window: CallWindow | undefined;
  #untilMs = 0;
  #openForMs: number;
  #openings = 0;
  #passed = 0;
  #permits: readonly Permit[] = noPermits;

  constructor(plan: BreakerPlan) {
    this.#plan = plan;
    this.#openForMs = plan.firstOpenForMs;
  }

  get plan(): BreakerPlan {
    return this.#plan;
  }

  get state(): BreakerState {
    return this.#state;
  }

  /** Why it is in this state; `undefined` if it has never been in another. */
  get reason(): BreakerReason | undefined {
    return this.#reason;
  }

  /** How long the last opening was meant to last or, before the first, how long that would. */
  get openForMs(): number {
    return this.#openForMs;
  }

  /** Failures in the window now. */
  failures(nowMs: number): number {
    this.#window?.prune(nowMs);
    return this.#window?.failures ?? 0;
  }

  /** How long to wait before asking again: 0 when a call may or might be let through, `Infinity` while isolated. */
  retryAfterMs(nowMs: number): number {
    if (this.#state === 'isolated') return Number.POSITIVE_INFINITY;
    return this.#state === 'open' ? Math.max(this.#untilMs - nowMs, 0) : 0;
  }

  /** Whether {@link BreakerMachine.acquire} would let a call through. Changes nothing. */
  allows(nowMs: number): boolean {
    if (this.#state === 'half_open') return this.#held(nowMs).length < this.#plan.permits;
    return this.#state === 'closed' || (this.#state === 'open' && nowMs >= this.#untilMs);
  }

  /** Lets a call through with a ticket, or answers {@link refused}. Asking and taking are one step. */
  acquire(nowMs: number): number {
    if (this.#state === 'closed') return this.#epoch;
    if (!this.allows(nowMs)) return refused;
    if (this.#state === 'open') this.#enter('half_open', 'test-due');
    const ticket = ++this.#serial;
    this.#permits = [...this.#held(nowMs), { ticket, sinceMs: nowMs }];
    return ticket;
  }

  /** The call went well. */
  succeed(call: EndedCall): void {
    if (this.#state === 'closed') {
      if (call.ticket === this.#epoch && this.#plan.countsSuccesses) this.#count(call, false, undefined);
    } else if (this.release(call.ticket)) {
      if (this.#isSlow(call)) this.#open(call.nowMs, 'test-failed', undefined);
      else if (++this.#passed >= this.#plan.successes) this.#close('test-passed');
    }
  }

  /** The call failed, and the other side is charged with it. */
  fail(call: EndedCall, cause: unknown): void {
    if (this.#state === 'closed') {
      if (call.ticket === this.#epoch) this.#count(call, true, cause);
    } else if (this.release(call.ticket)) {
      this.#record(call, true);
      this.#open(call.nowMs, 'test-failed', cause);
    }
  }

  /** The call ended without a verdict: a permit is free again. False if the ticket was no permit in use. */
  release(ticket: number): boolean {
    const permits = this.#permits.filter((permit) => permit.ticket !== ticket);
    const wasHeld = permits.length < this.#permits.length;
    this.#permits = permits;
    return wasHeld;
  }

  /** Refuses every call until {@link BreakerMachine.reset}. */
  isolate(): void {
    this.#enter('isolated', 'by-hand');
  }

  /** Closes, with nothing counted; calls under way do not count any more. */
  reset(): void {
    this.#close('by-hand');
  }

  /** Goes on by another plan in the present state. What was counted is kept if the window stays the same. */
  configure(plan: BreakerPlan): void {
    if (plan.windowKey !== this.#plan.windowKey) this.#window = undefined;
    if (this.#openings === 0) this.#openForMs = plan.firstOpenForMs;
    this.#plan = plan;
  }

  #held(nowMs: number): readonly Permit[] {
    return this.#permits.filter(({ sinceMs }) => nowMs - sinceMs < this.#plan.maxWaitMs);
  }

  #count(call: EndedCall, isFailure: boolean, cause: unknown): void {
    const reason = this.#tripped(this.#record(call, isFailure));
    if (reason !== undefined) this.#open(call.nowMs, reason, cause);
  }

  #record(call: EndedCall, isFailure: boolean): CallWindow {
    this.#window ??= this.#plan.makeWindow();
    this.#window.record(
      this.#plan.windowMs === Number.POSITIVE_INFINITY ? 0 : call.nowMs,
      isFailure,
      this.#isSlow(call),
    );
    return this.#window;
  }

  #isSlow(call: EndedCall): boolean {
    const { slowCallMs } = this.#plan;
    return slowCallMs !== Number.POSITIVE_INFINITY && call.durationMs > slowCallMs;
  }

  #tripped({ calls, failures, slow }: CallWindow): BreakerReason | undefined {
    const plan = this.#plan;
    if (failures >= plan.failures) return 'failures';
    if (calls < plan.minimumCalls) return undefined;
    if (failures / calls >= plan.failureRate) return 'failure-rate';
    return slow / calls >= plan.slowCallRate ? 'slow-call-rate' : undefined;
  }

  #open(nowMs: number, reason: BreakerReason, cause: unknown): void {
    this.#openForMs = this.#plan.openForMs(this.#openings + 1, cause);
    this.#openings++;
    this.#untilMs = nowMs + this.#openForMs;
    this.#enter('open', reason);
  }

  #close(reason: BreakerReason): void {
    this.#window = undefined;
    this.#openings = 0;
    this.#enter('closed', reason);
  }

  #enter(state: BreakerState, reason: BreakerReason): void {
    this.#state = state;
    this.#reason = reason;
    this.#epoch = ++this.#serial;
    this.#passed = 0;
    this.#permits = noPermits;
  }
}
