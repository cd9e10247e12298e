/** A timer of a virtual world. */
export interface QueuedTimer {
  readonly atMs: number;
  readonly order: number;
  readonly callback: () => void;
  isPending: boolean;
}

function isEarlier(a: QueuedTimer, b: QueuedTimer): boolean {
  return a.atMs < b.atMs || (a.atMs === b.atMs && a.order < b.order);
}

/** Timers by time, and first come first served: a binary heap, so that a hundred thousand of them stay quick. */
export class TimerQueue {
  readonly #heap: QueuedTimer[] = [];
  #pending = 0;
  #order = 0;

  get size(): number {
    return this.#pending;
  }

  add(atMs: number, callback: () => void): QueuedTimer {
    const timer: QueuedTimer = { atMs, order: this.#order++, callback, isPending: true };
    this.#pending++;
    this.#heap.push(timer);
    this.#rise(this.#heap.length - 1);
    return timer;
  }

  /** Takes a timer out; it stays in the heap until its turn, but never fires. */
  remove(timer: QueuedTimer): void {
    if (!timer.isPending) return;
    timer.isPending = false;
    this.#pending--;
  }

  /** The timer that is due first. */
  get first(): QueuedTimer | undefined {
    while (this.#heap[0]?.isPending === false) this.#dropFirst();
    return this.#heap[0];
  }

  #dropFirst(): void {
    const last = this.#heap.pop();
    if (last === undefined || this.#heap.length === 0) return;
    this.#heap[0] = last;
    this.#sink(0);
  }

  #rise(start: number): void {
    for (let index = start; index > 0;) {
      const parent = (index - 1) >> 1;
      if (!this.#swapIfEarlier(index, parent)) return;
      index = parent;
    }
  }

  #sink(start: number): void {
    for (let index = start; ;) {
      const [left, right] = [2 * index + 1, 2 * index + 2];
      const leftTimer = this.#heap[left];
      const rightTimer = this.#heap[right];
      if (leftTimer === undefined) return;
      const child = rightTimer !== undefined && isEarlier(rightTimer, leftTimer) ? right : left;
      if (!this.#swapIfEarlier(child, index)) return;
      index = child;
    }
  }

  #swapIfEarlier(lower: number, upper: number): boolean {
    const [below, above] = [this.#heap[lower], this.#heap[upper]];
    if (below === undefined || above === undefined || !isEarlier(below, above)) return false;
    this.#heap[lower] = above;
    this.#heap[upper] = below;
    return true;
  }
}
