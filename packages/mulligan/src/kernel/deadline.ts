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

/** What is left of a time limit. */
export interface Rest {
  readonly nowMs: number;
  readonly leftMs: number;
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
    return this.#race(next, context, { nowMs, leftMs: this.lengthMs }, onExpire);
  }

  /** As {@link TimeLimit.run}, for a part of something that goes on since earlier: only so much time is left for it. */
  runRest<T>(next: Next<T>, context: Context, rest: Rest): Promise<T> {
    return this.#race(next, context, rest);
  }

  #race<T>(next: Next<T>, context: Context, rest: Rest, onExpire?: (error: TimeoutError) => void): Promise<T> {
    const parent = context.isCancellable ? context.cancellation : undefined;
    if (parent?.aborted === true) return Promise.reject(parent.reason);
    const cancellation = new Cancellation(parent);
    const deadlineMs = Math.min(context.deadlineMs, rest.nowMs + rest.leftMs);
    const limited = context.derive({ deadlineMs, cancellation });
    return new Promise((resolve, reject) => {
      const disarm = this.#arm(rest, () => {
        const error = this.error(context.name);
        onExpire?.(error);
        cancellation.abort(error);
        reject(error);
      });
      const leave = (): void => {
        disarm();
        cancellation.close();
      };
      if (parent !== undefined) {
        cancellation.listen((reason) => {
          disarm();
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

  #arm({ nowMs, leftMs }: Rest, expire: () => void): () => void {
    if (leftMs === this.lengthMs) return (this.#queue ??= queueOf(this.#world, leftMs)).add(nowMs, expire);
    const timer = this.#world.setTimer(expire, leftMs);
    return () => timer.cancel();
  }

  /** The error that says that this limit has run out. */
  error(name: string): TimeoutError {
    const error = new TimeoutError(name, this.lengthMs, this.#scope);
    expired.set(error, this);
    return error;
  }

  /** Whether an error says that this very limit has run out. */
  isCauseOf(error: unknown): boolean {
    return error instanceof TimeoutError && expired.get(error) === this;
  }
}
