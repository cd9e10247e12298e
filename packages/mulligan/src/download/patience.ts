/** What must come for an attempt to count as progress. */
export const progressBytes: number = 1024 * 1024;

/** However much progress there is: a server that never gets to an end does not hold a download for ever. */
export const mostAttempts = 10_000;

/**
 * How many attempts have failed in a row. A long download over a bad line may be cut many times: as long as each attempt
 * brings it further, `attempts` begins anew. What counts is the highest point ever reached, so that a download that
 * must begin again and again does not go on for ever.
 */
export class Patience {
  readonly #attempts: number;
  #failures = 0;
  /** The highest point at the last renewal. */
  #mark: number;
  #highest: number;

  constructor(attempts: number, bytes: number) {
    this.#attempts = attempts;
    this.#mark = bytes;
    this.#highest = bytes;
  }

  /** Which attempt of the row has failed last, from 1. */
  get failures(): number {
    return this.#failures;
  }

  get attempts(): number {
    return this.#attempts;
  }

  /** Whether attempts are left. */
  get isOver(): boolean {
    return this.#failures >= this.#attempts;
  }

  /** An attempt has failed, with so many bytes on the disk. Gives whether it was progress. */
  failed(bytes: number): boolean {
    this.#highest = Math.max(this.#highest, bytes);
    const isProgress = this.#highest - this.#mark >= progressBytes;
    if (isProgress) this.#mark = this.#highest;
    this.#failures = isProgress ? 1 : this.#failures + 1;
    return isProgress;
  }
}
