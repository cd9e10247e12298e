const none = Number.NEGATIVE_INFINITY;

/**
 * Slots with a rank each, and always the best of them at hand: a tournament, in which each inner node holds the better
 * of the two ranks below it. Setting a rank and finding the best slot both take as many steps as the tree is high.
 */
export class RankTree {
  #capacity = 0;
  /** Node 1 is the root, nodes `2i` and `2i + 1` are below node `i`, the slots are the last `capacity` nodes. */
  #ranks = new Float64Array(0);

  /** Makes room for this many slots; the ranks stay. */
  reserve(slots: number): void {
    if (slots <= this.#capacity) return;
    const before = this.#ranks.subarray(this.#capacity, 2 * this.#capacity);
    this.#capacity = Math.max(16, 2 ** Math.ceil(Math.log2(slots)));
    this.#ranks = new Float64Array(2 * this.#capacity).fill(none);
    this.#ranks.set(before, this.#capacity);
    this.#play();
  }

  /** Sets the ranks of all slots at once, which takes less than one after the other. `NaN` is a slot without. */
  fill(slots: number, rankOf: (slot: number) => number): void {
    this.reserve(slots);
    for (let slot = 0; slot < slots; slot++) {
      const rank = rankOf(slot);
      this.#ranks[this.#capacity + slot] = Number.isNaN(rank) ? none : rank;
    }
    this.#play();
  }

  set(slot: number, rank: number): void {
    let node = this.#capacity + slot;
    if (this.#ranks[node] === rank) return;
    this.#ranks[node] = rank;
    while (node > 1) {
      node >>= 1;
      const better = this.#better(node);
      if (this.#ranks[node] === better) return;
      this.#ranks[node] = better;
    }
  }

  /** Takes a slot out of the contest. */
  clear(slot: number): void {
    this.set(slot, none);
  }

  /** The slot with the best rank, the lowest of several; `undefined` when no slot takes part. */
  best(): number | undefined {
    const top = this.#ranks[1] ?? none;
    if (top === none) return undefined;
    let node = 1;
    while (node < this.#capacity) {
      node *= 2;
      if (this.#ranks[node] !== top) node++;
    }
    return node - this.#capacity;
  }

  /** The whole tournament anew. */
  #play(): void {
    for (let node = this.#capacity - 1; node >= 1; node--) this.#ranks[node] = this.#better(node);
  }

  #better(node: number): number {
    return Math.max(this.#ranks[2 * node] ?? none, this.#ranks[2 * node + 1] ?? none);
  }
}
