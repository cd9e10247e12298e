import type { World } from 'mulligan';
import { ExpiringMap } from '../select/index.ts';

/** Proxies and targets that do not go together for a while, such as after a ban. */
export class Resting {
  readonly #pairs: ExpiringMap<true>;

  constructor(world: World, capacity = 10_000) {
    this.#pairs = new ExpiringMap(world, capacity);
  }

  get isEmpty(): boolean {
    return this.#pairs.size === 0;
  }

  rest(proxyId: string, target: string, forMs: number): void {
    this.#pairs.set(key(proxyId, target), true, forMs);
  }

  has(proxyId: string, target: string): boolean {
    return this.#pairs.get(key(proxyId, target)) === true;
  }
}

function key(proxyId: string, target: string): string {
  return `${proxyId} ${target}`;
}
