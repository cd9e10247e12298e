import type { Timer, World } from '../kernel/index.ts';

/** Calls somebody when nothing has been heard for too long. One timer, however often something is heard. */
export class IdleWatch implements Disposable {
  readonly #world: World;
  readonly #idleMs: number;
  readonly #onIdle: () => void;
  #heardMs: number;
  #isPaused = false;
  #timer: Timer;

  constructor(world: World, idleMs: number, onIdle: () => void) {
    this.#world = world;
    this.#idleMs = idleMs;
    this.#onIdle = onIdle;
    this.#heardMs = world.now();
    this.#timer = this.#arm(idleMs);
  }

  /** Something has been heard. */
  heard(): void {
    this.#heardMs = this.#world.now();
  }

  /** Does not count the time of some work of our own. */
  async pausedFor<T>(work: Promise<T>): Promise<T> {
    this.#isPaused = true;
    try {
      return await work;
    } finally {
      this.#isPaused = false;
      this.heard();
    }
  }

  [Symbol.dispose](): void {
    this.#timer.cancel();
  }

  #arm(delayMs: number): Timer {
    return this.#world.setTimer(() => this.#look(), delayMs);
  }

  #look(): void {
    const leftMs = this.#isPaused ? this.#idleMs : this.#heardMs + this.#idleMs - this.#world.now();
    if (leftMs > 0) this.#timer = this.#arm(leftMs);
    else this.#onIdle();
  }
}
