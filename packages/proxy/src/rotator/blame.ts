import type { World } from 'mulligan';
import type { AttemptFailure, Fault } from '../failure/index.ts';
import { ExpiringMap } from '../select/index.ts';

/** How long an ambiguous failure is remembered. */
const memoryMs = 60_000;

/** With so many other proxies failing in the same way, the target is to blame. */
const witnessesNeeded = 2;

/**
 * Decides whose fault an ambiguous failure is. A 502 or 504 may be the proxy's or the target's: the proxy is charged,
 * unless the same target has lately failed in the same way through two other proxies and worked through none.
 */
export class Blame {
  readonly #suspects: ExpiringMap<Set<string>>;

  constructor(world: World) {
    this.#suspects = new ExpiringMap(world, 1000);
  }

  /** Whose fault it is. */
  of(failure: AttemptFailure, target: string, proxyId: string): Fault {
    if (!failure.isAmbiguous || failure.fault !== 'proxy') return failure.fault;
    const witnesses = this.#suspects.get(target) ?? new Set();
    const others = witnesses.size - (witnesses.has(proxyId) ? 1 : 0);
    if (witnesses.size <= witnessesNeeded) witnesses.add(proxyId);
    this.#suspects.set(target, witnesses, memoryMs);
    return others >= witnessesNeeded ? 'target' : 'proxy';
  }

  /** The target works. */
  clear(target: string): void {
    if (this.#suspects.size > 0) this.#suspects.delete(target);
  }
}
