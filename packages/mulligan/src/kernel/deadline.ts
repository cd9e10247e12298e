import { Cancellation } from './cancellation.ts';
import type { Context } from './context.ts';
import { TimeoutError } from './error.ts';
import { attempt, type Next } from './operation.ts';
import { orAborted } from './sleep.ts';
import type { Timer, World } from './world.ts';

interface Entry {
  readonly atMs: number;
  readonly expire: () => void;
  previous: Entry | undefined;
  next: Entry | undefined;
  isPending: boolean;
}

/**
 * Many time limits of one length behind one timer. Because every entry lasts equally long, the entries are due in the
 * order in which they came: a list is enough, and arming or disarming one costs no platform timer.
 */
export class DeadlineQueue {
  readonly #world: World;
  readonly #lengthMs: number;
  #first: Entry | undefined;
  #last: Entry | undefined;
  #timer: Timer | undefined;

  constructor(world: World, lengthMs: number) {
    this.#world = world;
    this.#lengthMs = lengthMs;
  }

  /** Calls `expire` once the length has passed since `nowMs`. Returns how to disarm it. */
  add(nowMs: number, expire: () => void): () => void {
    const previous = this.#last;
    const entry: Entry = { atMs: nowMs + this.#lengthMs, expire, previous, next: undefined, isPending: true };
    this.#last = entry;
    if (previous === undefined) this.#first = entry;
    else previous.next = entry;
    if (this.#timer === undefined) this.#arm(this.#lengthMs);
    // The timer outlives its entries, but only keeps the process alive while one waits.
    else if (previous === undefined) this.#timer.ref();
    return () => this.#remove(entry);
  }

  #remove(entry: Entry): void {
    if (!entry.isPending) return;
    entry.isPending = false;
    if (entry.previous === undefined) this.#first = entry.next;
    else entry.previous.next = entry.next;
    if (entry.next === undefined) this.#last = entry.previous;
    else entry.next.previous = entry.previous;
    if (this.#first === undefined) this.#timer?.unref();
  }

  #arm(delayMs: number): void {
    this.#timer = this.#world.setTimer(() => this.#fire(), delayMs);
  }

  #fire(): void {
    this.#timer = undefined;
    const nowMs = this.#world.now();
    for (let entry = this.#first; entry !== undefined && entry.atMs <= nowMs; entry = this.#first) {
      this.#remove(entry);
      entry.expire();
    }
    // What ran above may have armed the timer anew.
    if (this.#first !== undefined && this.#timer === undefined) this.#arm(this.#first.atMs - nowMs);
  }
}

/** One time limit, of the whole call or of each attempt, ready to be applied to any number of runs. */
export class TimeLimit {
  readonly lengthMs: number;
  readonly #scope: 'call' | 'attempt';
  readonly #world: World;
  readonly #queue: DeadlineQueue;

  constructor(world: World, lengthMs: number, scope: 'call' | 'attempt') {
    this.lengthMs = lengthMs;
    this.#scope = scope;
    this.#world = world;
    this.#queue = new DeadlineQueue(world, lengthMs);
  }

  /**
   * Runs `next` under this limit. When the time is over the run's signal aborts, and the promise rejects with a
   * {@link TimeoutError} at that moment, whether or not the operation listens.
   */
  run<T>(next: Next<T>, context: Context, onExpire?: (error: TimeoutError) => void): Promise<T> {
    const nowMs = this.#world.now();
    const cancellation = new Cancellation(context.isCancellable ? context.cancellation : undefined);
    const deadlineMs = Math.min(context.deadlineMs, nowMs + this.lengthMs);
    const disarm = this.#queue.add(nowMs, () => {
      const error = new TimeoutError(context.name, this.lengthMs, this.#scope);
      onExpire?.(error);
      cancellation.abort(error);
    });
    return orAborted(attempt(next, context.derive({ deadlineMs, cancellation })), cancellation, () => {
      disarm();
      cancellation.close();
    });
  }
}
