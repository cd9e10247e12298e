import { Cancellation } from './cancellation.ts';
import type { Link } from './chain.ts';
import type { Context } from './context.ts';
import { type Deadline, DeadlineQueue } from './deadline.ts';
import { TimeoutError } from './error.ts';
import { attempt, type Next } from './operation.ts';
import type { Timer, World } from './world.ts';

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
    return this.#race(next, context, rest, undefined);
  }

  #race<T>(next: Next<T>, context: Context, rest: Rest, onExpire: Ends<T>['onExpire']): Promise<T> {
    const parent = context.isCancellable ? context.cancellation : undefined;
    if (parent?.aborted === true) return Promise.reject(parent.reason);
    return new Promise((resolve, reject) => {
      const run = new LimitedRun(this, context.name, { resolve, reject, parent, onExpire });
      run.begin(next, context, this.#arm(run, rest));
    });
  }

  /** The whole length shares a timer with others; what is left of one has its own. */
  #arm(run: Deadline, { nowMs, leftMs }: Rest): Place | Timer {
    if (leftMs === this.lengthMs) {
      const queue = (this.#queue ??= queueOf(this.#world, leftMs));
      return { queue, link: queue.arm(nowMs, run) };
    }
    run.atMs = nowMs + leftMs;
    return this.#world.setTimer(() => run.expire(), leftMs);
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

interface Place {
  readonly queue: DeadlineQueue;
  readonly link: Link<Deadline>;
}

/** Who is told how a run ends. */
interface Ends<T> {
  readonly resolve: (value: T) => void;
  readonly reject: (reason: unknown) => void;
  readonly parent: Cancellation | undefined;
  readonly onExpire: ((error: TimeoutError) => void) | undefined;
}

/** One run under a limit: a race between the run, the limit, and whatever cancels it from outside. */
class LimitedRun<T> implements Deadline {
  atMs = 0;
  readonly #limit: TimeLimit;
  readonly #name: string;
  readonly #ends: Ends<T>;
  readonly #cancellation: Cancellation;
  #clock: Place | Timer | undefined;

  constructor(limit: TimeLimit, name: string, ends: Ends<T>) {
    this.#limit = limit;
    this.#name = name;
    this.#ends = ends;
    this.#cancellation = new Cancellation(ends.parent);
  }

  begin(next: Next<T>, context: Context, clock: Place | Timer): void {
    this.#clock = clock;
    const { resolve, reject, parent } = this.#ends;
    if (parent !== undefined) {
      this.#cancellation.listen((reason) => {
        this.#disarm();
        reject(reason);
      });
    }
    attempt(next, context.limited(this.atMs, this.#cancellation)).then(
      (value) => {
        this.#leave();
        resolve(value);
      },
      (error: unknown) => {
        this.#leave();
        reject(error);
      },
    );
  }

  expire(): void {
    const error = this.#limit.error(this.#name);
    this.#ends.onExpire?.(error);
    this.#cancellation.abort(error);
    this.#ends.reject(error);
  }

  #leave(): void {
    this.#disarm();
    this.#cancellation.close();
  }

  #disarm(): void {
    const clock = this.#clock;
    if (clock === undefined) return;
    if ('link' in clock) clock.queue.disarm(clock.link);
    else clock.cancel();
  }
}
