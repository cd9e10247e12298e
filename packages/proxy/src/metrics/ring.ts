/** The newest entries, in bounded memory. */
export class Ring<T> implements Iterable<T> {
  readonly #capacity: number;
  readonly #entries: T[] = [];
  #next = 0;

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  get length(): number {
    return this.#entries.length;
  }

  add(entry: T): void {
    this.#entries[this.#next] = entry;
    this.#next = (this.#next + 1) % this.#capacity;
  }

  /** Oldest first. */
  *[Symbol.iterator](): Generator<T> {
    const start = this.#entries.length < this.#capacity ? 0 : this.#next;
    for (let i = 0; i < this.#entries.length; i++) {
      yield this.#entries[(start + i) % this.#entries.length] as T;
    }
  }

  /** Newest first. */
  *newestFirst(): Generator<T> {
    const { length } = this.#entries;
    for (let back = 1; back <= length; back++) yield this.#entries[(this.#next - back + length) % length] as T;
  }

  clear(): void {
    this.#entries.length = 0;
    this.#next = 0;
  }
}
