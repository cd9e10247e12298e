import { type BreakerState, checkKeys, type Context, type Next, type Reporter, type World } from '../kernel/index.ts';
import { CircuitOpenError } from './error.ts';
import { Lease } from './lease.ts';
import { BreakerMachine, type EndedCall, refused } from './machine.ts';
import type { BreakerSettings } from './options.ts';
import { type BreakerPlan, breakerSettingNames, planBreaker } from './plan.ts';
import type { BreakerPeek, BreakerSnapshot } from './breaker.ts';

const open: BreakerPeek = Object.freeze({ allowed: true, retryAfterMs: 0 });

/** What a breaker needs to begin with; several may share one. */
export interface Surroundings {
  readonly world: World;
  readonly reporter: Reporter;
  readonly settings: BreakerSettings;
  readonly plan: BreakerPlan;
}

/** The same surroundings with some settings changed. */
export function changeSettings(surroundings: Surroundings, changes: BreakerSettings): Surroundings {
  checkKeys('configure', changes, breakerSettingNames);
  const settings = { ...surroundings.settings, ...changes };
  return { ...surroundings, settings, plan: planBreaker(settings, surroundings.world.random) };
}

/** Drives the machine of one breaker: reads the clock for it, and reports what it did. */
export class BreakerCore {
  readonly name: string;
  readonly #machine: BreakerMachine;
  #surroundings: Surroundings;
  #lastChangeAt: number | undefined;

  constructor(name: string, surroundings: Surroundings) {
    this.name = name;
    this.#machine = new BreakerMachine(surroundings.plan);
    this.#surroundings = surroundings;
  }

  get state(): BreakerState {
    return this.#machine.state;
  }

  get plan(): BreakerPlan {
    return this.#machine.plan;
  }

  get world(): World {
    return this.#surroundings.world;
  }

  get surroundings(): Surroundings {
    return this.#surroundings;
  }

  /** Goes on in other surroundings, with other settings that is, in the present state. */
  set surroundings(surroundings: Surroundings) {
    this.#surroundings = surroundings;
    this.#machine.configure(surroundings.plan);
  }

  peek(): BreakerPeek {
    if (this.#machine.state === 'closed') return open;
    const nowMs = this.#surroundings.world.now();
    return this.#machine.allows(nowMs) ? open : { allowed: false, retryAfterMs: this.#machine.retryAfterMs(nowMs) };
  }

  tryAcquire(): Lease | undefined {
    return this.#acquire(this.#machine.plan.slowCallMs < Number.POSITIVE_INFINITY);
  }

  /** @param isTimed whether it matters when a call began: if not, a closed breaker reads no clock */
  #acquire(isTimed: boolean): Lease | undefined {
    const machine = this.#machine;
    const { world, reporter } = this.#surroundings;
    if (machine.state === 'closed') return new Lease(this, machine.acquire(0), isTimed ? world.now() : Number.NaN);
    const nowMs = world.now();
    const from = machine.state;
    const ticket = machine.acquire(nowMs);
    this.#reportChange(from);
    if (ticket !== refused) return new Lease(this, ticket, nowMs);
    if (reporter.isHeard) {
      const retryAfterMs = machine.retryAfterMs(nowMs);
      reporter.report({ type: 'breaker.rejected', at: world.wallNow(), name: this.name, retryAfterMs });
    }
    return undefined;
  }

  /** The layer of the policy. */
  async run<T>(next: Next<T>, context: Context): Promise<T> {
    const { isCancellable } = context;
    const lease = isCancellable ? this.#acquire(true) : this.tryAcquire();
    if (lease === undefined)
      throw new CircuitOpenError(this.name, this.#machine.retryAfterMs(this.#surroundings.world.now()));
    const leave = isCancellable ? context.cancellation.onAbort((reason) => lease.cancel(reason)) : undefined;
    try {
      const value = await next(context);
      lease.judge(value);
      return value;
    } catch (error) {
      lease.blame(error);
      throw error;
    } finally {
      leave?.();
      // What has had its verdict stays as it is; a predicate that threw must not keep a permit.
      lease.release();
    }
  }

  succeed(call: EndedCall): void {
    const from = this.#machine.state;
    this.#machine.succeed(call);
    this.#reportChange(from);
  }

  fail(call: EndedCall, cause: unknown): void {
    const from = this.#machine.state;
    this.#machine.fail(call, cause);
    this.#reportChange(from);
  }

  release(ticket: number): void {
    this.#machine.release(ticket);
  }

  isolate(): void {
    const from = this.#machine.state;
    this.#machine.isolate();
    this.#reportChange(from);
  }

  reset(): void {
    const from = this.#machine.state;
    this.#machine.reset();
    this.#reportChange(from);
  }

  snapshot(): BreakerSnapshot {
    const machine = this.#machine;
    const nowMs = this.#surroundings.world.now();
    return {
      name: this.name,
      state: machine.state,
      failureCount: machine.failures(nowMs),
      failureThreshold: machine.plan.failures,
      windowMs: machine.plan.windowMs,
      openForMs: machine.openForMs,
      retryAfterMs: machine.retryAfterMs(nowMs),
      lastChangeAt: this.#lastChangeAt,
    };
  }

  #reportChange(from: BreakerState): void {
    if (this.#machine.state === from) return;
    const { world, reporter } = this.#surroundings;
    const { state: to, reason = 'by-hand' } = this.#machine;
    const at = world.wallNow();
    this.#lastChangeAt = at;
    if (!reporter.isHeard) return;
    const failures = this.#machine.failures(world.now());
    reporter.report({ type: 'breaker.transition', at, name: this.name, from, to, reason, failures });
  }
}
