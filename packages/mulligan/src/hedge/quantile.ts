/** How far one sample moves the estimate, in standard deviations. */
const step = 0.01;

/**
 * An estimate of a quantile that follows the samples, in constant time and space: each sample above it moves it up a
 * little, each below moves it down, in such a proportion that it rests where the share of samples below it is the
 * quantile. How little is measured by the moving standard deviation.
 * Source: Martin Jambon's moving percentile, as in failsafe-go.
 */
export class MovingQuantile {
  readonly #quantile: number;
  readonly #weight: number;
  #samples = 0;
  #mean = 0;
  #variance = 0;
  #value = 0;

  /** @param age how many samples the mean and the variance remember, more or less */
  constructor(quantile: number, age: number) {
    this.#quantile = quantile;
    this.#weight = 2 / (age + 1);
  }

  get samples(): number {
    return this.#samples;
  }

  /** The estimate; 0 before the first sample. */
  get value(): number {
    return this.#value;
  }

  add(sample: number): void {
    this.#samples++;
    if (this.#samples === 1) {
      this.#mean = sample;
      this.#value = sample;
      return;
    }
    const distance = sample - this.#mean;
    this.#mean += this.#weight * distance;
    this.#variance = (1 - this.#weight) * (this.#variance + this.#weight * distance ** 2);
    const delta = step * Math.sqrt(this.#variance);
    if (sample < this.#value) this.#value -= delta / this.#quantile;
    else if (sample > this.#value) this.#value += delta / (1 - this.#quantile);
  }
}
