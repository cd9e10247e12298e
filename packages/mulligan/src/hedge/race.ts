import { attempt, Cancellation, type Context, MulliganError, type Next, TimeoutError } from '../kernel/index.ts';
import type { HedgePlan } from './plan.ts';

/** One call and its hedges: the first to succeed wins and the others are aborted; it fails when all have failed. */
export class Race<T> {
  readonly #plan: HedgePlan;
  readonly #next: Next<T>;
  readonly #context: Context;
  readonly #startedMs: number;
  /** What runs now, by number: 0 for the call itself, from 1 for its hedges. */
  readonly #running = new Map<number, Cancellation>();
  #hedges = 0;
  #resolve!: (value: T) => void;
  #reject!: (error: unknown) => void;
  #callOff: (() => void) | undefined;
  #stopListening: (() => void) | undefined;

  constructor(plan: HedgePlan, next: Next<T>, context: Context) {
    this.#plan = plan;
    this.#next = next;
    this.#context = context;
    this.#startedMs = plan.world.now();
  }

  run(): Promise<T> {
    const context = this.#context;
    this.#plan.allowance.payIn();
    return new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
      this.#start(0);
      if (!context.isCancellable) return;
      this.#stopListening = context.cancellation.onAbort((reason) => this.#abandon(reason));
    });
  }

  #start(number: number): void {
    const context = this.#context;
    const cancellation = new Cancellation(context.isCancellable ? context.cancellation : undefined);
    this.#running.set(number, cancellation);
    if (number < this.#plan.hedges) this.#callOff = this.#plan.delay.start(() => this.#due());
    attempt(this.#next, context.derive({ cancellation })).then(
      (value) => this.#succeed(number, value),
      (error: unknown) => this.#fail(number, error),
    );
  }

  #due(): void {
    const { allowance, reporter, world } = this.#plan;
    const isAllowed = allowance.tryTake();
    if (isAllowed) this.#hedges++;
    if (reporter.isHeard) {
      const base = { at: world.wallNow(), name: this.#name };
      const started = { ...base, type: 'hedge.started', hedge: this.#hedges, afterMs: this.#elapsedMs } as const;
      reporter.report(isAllowed ? started : { ...base, type: 'hedge.refused' });
    }
    if (isAllowed) this.#start(this.#hedges);
  }

  #succeed(number: number, value: T): void {
    if (!this.#running.has(number)) return;
    this.#learn();
    const { reporter, world } = this.#plan;
    if (number > 0 && reporter.isHeard) {
      const base = { at: world.wallNow(), name: this.#name };
      reporter.report({ ...base, type: 'hedge.won', hedge: number, durationMs: this.#elapsedMs });
    }
    this.#leave(number);
    this.#end(() => new MulliganError('MULLIGAN_SUPERSEDED', `${this.#name}: another attempt has succeeded`));
    this.#resolve(value);
  }

  #fail(number: number, error: unknown): void {
    if (!this.#running.has(number)) return;
    this.#leave(number);
    if (this.#running.size > 0) return;
    this.#end(() => error);
    this.#reject(error);
  }

  #abandon(reason: unknown): void {
    // A call that has used up all its time was slow. Why else a caller leaves says nothing.
    if (reason instanceof TimeoutError) this.#learn();
    this.#end(() => reason);
    this.#reject(reason);
  }

  /** Learns how long the call itself took or, if it still runs, at least takes. */
  #learn(): void {
    if (this.#running.has(0)) this.#plan.delay.learn(this.#elapsedMs);
  }

  #leave(number: number): void {
    this.#running.get(number)?.close();
    this.#running.delete(number);
  }

  /** Nothing of this call goes on: no hedge will follow, and what runs is aborted. */
  #end(reason: () => unknown): void {
    this.#callOff?.();
    this.#stopListening?.();
    if (this.#running.size === 0) return;
    const why = reason();
    for (const cancellation of this.#running.values()) cancellation.abort(why);
    this.#running.clear();
  }

  get #elapsedMs(): number {
    return this.#plan.world.now() - this.#startedMs;
  }

  get #name(): string {
    return this.#plan.name ?? this.#context.name;
  }
}
