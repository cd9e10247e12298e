import type { World } from 'mulligan';

/** Remembers values for a while, and never more than `capacity` of them: what was set longest ago goes first. */
export class ExpiringMap<V> {
  readonly #world: World;
  readonly #capacity: number;
  readonly #entries = new Map<string, { readonly value: V; readonly untilMs: number }>();

  constructor(world: World, capacity: number) {
    this.#world = world;
    this.#capacity = capacity;
  }

  /** How many are remembered, some of them perhaps longer than they need to be. */
  get size(): number {
    return this.#entries.size;
  }

  get(key: string): V | undefined {
    const entry = this.#entries.get(key);
    if (entry === undefined) return undefined;
    if (entry.untilMs > this.#world.now()) return entry.value;
    this.#entries.delete(key);
    return undefined;
  }

  set(key: string, value: V, forMs: number): void {
    this.#entries.delete(key);
    if (this.#entries.size >= this.#capacity) this.#dropOldest();
    this.#entries.set(key, { value, untilMs: this.#world.now() + forMs });
  }

  delete(key: string): void {
    this.#entries.delete(key);
  }

  #dropOldest(): void {
    for (const key of this.#entries.keys()) {
      this.#entries.delete(key);
      return;
    }
  }
}
