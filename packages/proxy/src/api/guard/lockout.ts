import type { World } from 'mulligan';
import { ExpiringMap } from '../../select/index.ts';
import { clientKey } from './client-address.ts';

const wrongTokens = 10;
const withinMs = 60_000;
const lockedMs = 60_000;

interface Tries {
  count: number;
  lockedUntilMs: number;
}

/**
 * Who sends ten wrong tokens within a minute is not heard for a minute, not even with the right one: else guessing
 * would go on. Clients on this machine share one address, and none of them can shut out the others.
 */
export class Lockout {
  readonly #world: World;
  readonly #tries: ExpiringMap<Tries>;

  constructor(world: World) {
    this.#world = world;
    this.#tries = new ExpiringMap(world, 10_000);
  }

  /** How long an address is not heard; 0 for one that is. */
  waitMs(address: string | undefined): number {
    const key = address === undefined ? undefined : clientKey(address);
    const lockedUntilMs = key === undefined ? 0 : (this.#tries.get(key)?.lockedUntilMs ?? 0);
    return Math.max(0, lockedUntilMs - this.#world.now());
  }

  /** Notes that a wrong token came. */
  wrong(address: string | undefined): void {
    const key = address === undefined ? undefined : clientKey(address);
    if (key === undefined) return;
    const tries = this.#tries.get(key) ?? { count: 0, lockedUntilMs: 0 };
    if (tries.count === 0) this.#tries.set(key, tries, withinMs);
    if (++tries.count < wrongTokens) return;
    tries.lockedUntilMs = this.#world.now() + lockedMs;
    this.#tries.set(key, tries, lockedMs);
  }
}
