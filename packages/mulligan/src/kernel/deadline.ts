import { Chain, type Link } from './chain.ts';
import type { Timer, World } from './world.ts';

/** Something that is due at a moment. */
export interface Deadline {
  /** When, on the world's monotonic clock: set by the queue. */
  atMs: number;
  expire(): void;
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
    const link = this.arm(nowMs, { atMs: nowMs, expire });
    return () => this.disarm(link);
  }

  /** As {@link DeadlineQueue.add}, for those who would not have functions made for each deadline. */
  arm(nowMs: number, deadline: Deadline): Link<Deadline> {
    const wasIdle = this.#deadlines.first === undefined;
    deadline.atMs = nowMs + this.#lengthMs;
    const link = this.#deadlines.add(deadline);
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
