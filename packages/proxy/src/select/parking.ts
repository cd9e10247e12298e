interface Parked<T> {
  readonly thing: T;
  readonly untilMs: number;
}

/** Things that are worth looking at again at some time, the earliest first: a binary heap. */
export class Parking<T> {
  readonly #heap: Parked<T>[] = [];

  /** When the first is due; `Infinity` when there is none. */
  get earliestMs(): number {
    return this.#heap[0]?.untilMs ?? Number.POSITIVE_INFINITY;
  }

  add(thing: T, untilMs: number): void {
    const heap = this.#heap;
    let place = heap.push({ thing, untilMs }) - 1;
    while (place > 0) {
      const above = (place - 1) >> 1;
      if (this.#untilMs(above) <= untilMs) break;
      this.#swap(place, above);
      place = above;
    }
  }

  /** Takes the first out if it is due. */
  takeDue(nowMs: number): T | undefined {
    const [first] = this.#heap;
    if (first === undefined || first.untilMs > nowMs) return undefined;
    const last = this.#heap.pop();
    if (this.#heap.length > 0 && last !== undefined) {
      this.#heap[0] = last;
      this.#sink();
    }
    return first.thing;
  }

  #sink(): void {
    let place = 0;
    for (;;) {
      const left = 2 * place + 1;
      const earlier = this.#untilMs(left + 1) < this.#untilMs(left) ? left + 1 : left;
      if (this.#untilMs(earlier) >= this.#untilMs(place)) return;
      this.#swap(place, earlier);
      place = earlier;
    }
  }

  #untilMs(place: number): number {
    return this.#heap[place]?.untilMs ?? Number.POSITIVE_INFINITY;
  }

  #swap(a: number, b: number): void {
    const [first, second] = [this.#heap[a], this.#heap[b]];
    if (first === undefined || second === undefined) return;
    this.#heap[a] = second;
    this.#heap[b] = first;
  }
}
