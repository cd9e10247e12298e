import { Cancellation } from './cancellation.ts';
import { Chain, type Link } from './chain.ts';
import type { Context } from './context.ts';
import { TimeoutError } from './error.ts';
import { attempt, type Next } from './operation.ts';
import type { Timer, World } from './world.ts';

interface Deadline {
  readonly atMs: number;
  readonly expire: () => void;
}

/**
 * Many time limits of one length behind one timer. Because every entry lasts equally long, the entries are due in the
 * order in which they came: a list is enough, and arming or disarming one costs no platform timer.
 */
export class DeadlineQueue {
  readonly #world: World;
  readonly #lengthMs: number;
  readonly #deadlines = new Chain<Deadline>();
  #timer: Timer | undefined;

  constructor(world: World, lengthMs: number) {
    this.#world = world;
    this.#lengthMs = lengthMs;
  }

  /** Calls `expire` once the length has passed since `nowMs`. Returns how to disarm it. */
  add(nowMs: number, expire: () => void): () => void {
    const link = this.arm(nowMs, expire);
    return () => this.disarm(link);
  }

  /** As {@link DeadlineQueue.add}, without a function for each deadline. */
  arm(nowMs: number, expire: () => void): Link<Deadline> {
    const wasIdle = this.#deadlines.first === undefined;
    const link = this.#deadlines.add({ atMs: nowMs + this.#lengthMs, expire });
    if (this.#timer === undefined) this.#start(this.#lengthMs);
    // The timer outlives its entries, but only keeps the process alive while one waits.
    else if (wasIdle) this.#timer.ref();
    return link;
  }

  disarm(link: Link<Deadline>): void {
    if (this.#deadlines.remove(link) && this.#deadlines.first === undefined) this.#timer?.unref();
  }

  #start(delayMs: number): void {
    this.#timer = this.#world.setTimer(() => this.#fire(), delayMs);
  }

  #fire(): void {
    this.#timer = undefined;
    const nowMs = this.#world.now();
    for (
      let link = this.#deadlines.first;
      link !== undefined && link.value.atMs <= nowMs;
      link = this.#deadlines.first
    ) {
      this.#deadlines.remove(link);
      link.value.expire();
    }
    // What ran above may have armed the timer anew.
    const first = this.#deadlines.first;
    if (first !== undefined && this.#timer === undefined) this.#start(first.value.atMs - nowMs);
  }
}

/** A context whose time is limited, until it is released. */
export interface LimitedContext {
  readonly context: Context;
  /** Ends the limit: the time can no longer run out. */
  readonly release: () => void;
}

const expired = new WeakMap<TimeoutError, TimeLimit>();

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
   * @param nowMs the time, for callers that have just looked at the clock
   */
  run<T>(
    next: Next<T>,
    context: Context,
    onExpire?: (error: TimeoutError) => void,
    nowMs: number = this.#world.now(),
  ): Promise<T> {
    const cancellation = new Cancellation(context.isCancellable ? context.cancellation : undefined);
    const limited = context.derive({ deadlineMs: Math.min(context.deadlineMs, nowMs + this.lengthMs), cancellation });
    return new Promise((resolve, reject) => {
      const link = this.#queue.arm(nowMs, () => {
        const error = this.#expire(context.name);
        onExpire?.(error);
        cancellation.abort(error);
        reject(error);
      });
      const leave = (): void => {
        this.#queue.disarm(link);
        cancellation.close();
      };
      if (context.isCancellable) {
        cancellation.onAbort((reason) => {
          this.#queue.disarm(link);
          reject(reason);
        });
      }
      attempt(next, limited).then(
        (value) => {
          leave();
          resolve(value);
        },
        (error: unknown) => {
          leave();
          reject(error);
        },
      );
    });
  }

  /**
   * Limits something that began at `startedMs` and goes on. It must obey its context's cancellation by itself, and
   * release the limit when it has ended.
   */
  hold(context: Context, startedMs: number): LimitedContext {
    const cancellation = new Cancellation(context.isCancellable ? context.cancellation : undefined);
    const deadlineMs = startedMs + this.lengthMs;
    const expire = (): void => cancellation.abort(this.#expire(context.name));
    const timer = this.#world.setTimer(expire, deadlineMs - this.#world.now());
    const release = (): void => {
      timer.cancel();
      cancellation.close();
    };
    return { context: context.derive({ deadlineMs: Math.min(context.deadlineMs, deadlineMs), cancellation }), release };
  }

  /** Whether an error says that this very limit has run out. */
  isCauseOf(error: unknown): boolean {
    return error instanceof TimeoutError && expired.get(error) === this;
  }

  #expire(name: string): TimeoutError {
    const error = new TimeoutError(name, this.lengthMs, this.#scope);
    expired.set(error, this);
    return error;
  }
}
