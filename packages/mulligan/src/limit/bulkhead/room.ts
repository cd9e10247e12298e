import { Chain, type Link } from '../../kernel/index.ts';

/** How many may be in a {@link Room}, and how many may wait for it. */
export interface RoomSize {
  readonly concurrent: number;
  readonly queue: number;
  readonly isNewestFirst: boolean;
}

/**
 * Who is in and who waits, without a clock or a promise. A place that gets free while somebody waits goes straight to
 * the next: it is never free in between, so nobody overtakes, and there are never more in than may be.
 */
export class Room<T> {
  readonly #size: RoomSize;
  readonly #waiting = new Chain<T>();
  #queued = 0;
  #active = 0;

  constructor(size: RoomSize) {
    this.#size = size;
  }

  get active(): number {
    return this.#active;
  }

  get queued(): number {
    return this.#queued;
  }

  /** Takes a place, if one is free. */
  enter(): boolean {
    if (this.#active >= this.#size.concurrent) return false;
    this.#active++;
    return true;
  }

  /** Joins those who wait; `undefined` if nobody more may. */
  wait(waiter: T): Link<T> | undefined {
    if (this.#queued >= this.#size.queue) return undefined;
    this.#queued++;
    return this.#waiting.add(waiter);
  }

  /** Stops waiting. Returns whether it did wait still: if not, it has a place. */
  giveUp(link: Link<T>): boolean {
    if (!this.#waiting.remove(link)) return false;
    this.#queued--;
    return true;
  }

  /** Gives a place back. Returns who has it now. */
  leave(): T | undefined {
    const link = this.#size.isNewestFirst ? this.#waiting.last : this.#waiting.first;
    if (link === undefined) this.#active--;
    else this.giveUp(link);
    return link?.value;
  }
}
