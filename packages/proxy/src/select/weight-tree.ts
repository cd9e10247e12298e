/** Slots with a weight each, to draw one by lot: each inner node holds the sum of the weights below it. */
export class WeightTree {
  #capacity = 0;
  #weights = new Float64Array(0);

  /** Makes room for this many slots; the weights stay. */
  reserve(slots: number): void {
    if (slots <= this.#capacity) return;
    const before = this.#weights.subarray(this.#capacity, 2 * this.#capacity);
    this.#capacity = Math.max(16, 2 ** Math.ceil(Math.log2(slots)));
    this.#weights = new Float64Array(2 * this.#capacity);
    this.#weights.set(before, this.#capacity);
    this.#sumUp();
  }

  /** Sets the weights of all slots at once, which takes less than one after the other. `NaN` is a slot without. */
  fill(slots: number, weightOf: (slot: number) => number): void {
    this.reserve(slots);
    for (let slot = 0; slot < slots; slot++) {
      const weight = weightOf(slot);
      this.#weights[this.#capacity + slot] = Number.isNaN(weight) ? 0 : weight;
    }
    this.#sumUp();
  }

  set(slot: number, weight: number): void {
    let node = this.#capacity + slot;
    if (this.#weights[node] === weight) return;
    this.#weights[node] = weight;
    while (node > 1) {
      node >>= 1;
      // Summed anew rather than by the difference: rounding errors must not pile up.
      this.#weights[node] = this.#sum(node);
    }
  }

  /** Takes a slot out of the lottery. */
  clear(slot: number): void {
    this.set(slot, 0);
  }

  /** Draws a slot with a chance in proportion to its weight; `undefined` when no slot has any. */
  draw(random: () => number): number | undefined {
    const total = this.#weights[1] ?? 0;
    if (total === 0) return undefined;
    let left = random() * total;
    let node = 1;
    while (node < this.#capacity) {
      node *= 2;
      const below = this.#weights[node] ?? 0;
      // Rounding can lead past the last weight: a branch without any is never taken.
      if (left < below || this.#weights[node + 1] === 0) continue;
      left -= below;
      node++;
    }
    return node - this.#capacity;
  }

  /** All sums anew. */
  #sumUp(): void {
    for (let node = this.#capacity - 1; node >= 1; node--) this.#weights[node] = this.#sum(node);
  }

  #sum(node: number): number {
    return (this.#weights[2 * node] ?? 0) + (this.#weights[2 * node + 1] ?? 0);
  }
}
