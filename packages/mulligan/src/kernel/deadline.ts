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
  readonly #onIdle: (() => void) | undefined;
  readonly #deadlines = new Chain<Deadline>();
  #timer: Timer | undefined;

  /** @param onIdle called when no timer is left */
  constructor(world: World, lengthMs: number, onIdle?: () => void) {
    this.#world = world;
    this.#lengthMs = lengthMs;
    this.#onIdle = onIdle;
  }

  /** Calls `expire` once the length has passed since `nowMs`. Returns how to disarm it. */
  add(nowMs: number, expire: () => void): () => void {
    const link = this.arm(nowMs, expire);
    return () => this.disarm(link);
  }

  /** As {@link DeadlineQueue.add}, for those who would not have a function made for each deadline. */
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
    const isDue = (link: Link<Deadline> | undefined): boolean => link !== undefined && link.value.atMs <= nowMs;
    while (isDue(this.#deadlines.first)) this.#deadlines.shift()?.expire();
    // What ran above may have armed the timer anew.
    if (this.#timer !== undefined) return;
    const { first } = this.#deadlines;
    if (first === undefined) this.#onIdle?.();
    else this.#start(first.value.atMs - nowMs);
  }
}

const queues = new WeakMap<World, Map<number, DeadlineQueue>>();

/** Limits of one length share a timer, so that policies made for a single call do not each leave one behind. */
function queueOf(world: World, lengthMs: number): DeadlineQueue {
  const ofWorld = queues.get(world) ?? new Map<number, DeadlineQueue>();
  queues.set(world, ofWorld);
  const known = ofWorld.get(lengthMs);
  if (known !== undefined) return known;
  const queue = new DeadlineQueue(world, lengthMs, () => void ofWorld.delete(lengthMs));
  ofWorld.set(lengthMs, queue);
  return queue;
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
  #queue: DeadlineQueue | undefined;

  constructor(world: World, lengthMs: number, scope: 'call' | 'attempt') {
    this.lengthMs = lengthMs;
    this.#scope = scope;
    this.#world = world;
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
    const parent = context.isCancellable ? context.cancellation : undefined;
    if (parent?.aborted === true) return Promise.reject(parent.reason);
    const cancellation = new Cancellation(parent);
    const limited = context.derive({ deadlineMs: Math.min(context.deadlineMs, nowMs + this.lengthMs), cancellation });
    const queue = (this.#queue ??= queueOf(this.#world, this.lengthMs));
    return new Promise((resolve, reject) => {
      const link = queue.arm(nowMs, () => {
        const error = this.#expire(context.name);
        onExpire?.(error);
        cancellation.abort(error);
        reject(error);
      });
      const leave = (): void => {
        queue.disarm(link);
        cancellation.close();
      };
      if (parent !== undefined) {
        cancellation.onAbort((reason) => {
          queue.disarm(link);
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
