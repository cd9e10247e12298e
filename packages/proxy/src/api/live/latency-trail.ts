import { toSeconds } from '../json/number.ts';

/** How many attempts of a proxy are kept. */
const kept = 20;

/** The newest latencies of every proxy, as its sparkline shows them: seconds, `null` for an attempt that failed. */
export class LatencyTrails {
  readonly #trails = new Map<string, (number | null)[]>();

  /** @param latencyMs of a success; `undefined` for a failure */
  note(proxyId: string, latencyMs: number | undefined): void {
    const trail = this.#trails.get(proxyId) ?? [];
    if (trail.length === 0) this.#trails.set(proxyId, trail);
    trail.push(latencyMs === undefined ? null : toSeconds(Math.round(latencyMs * 10) / 10));
    if (trail.length > kept) trail.shift();
  }

  /** Oldest first. */
  of(proxyId: string): (number | null)[] {
    return [...(this.#trails.get(proxyId) ?? [])];
  }

  forget(proxyId: string): void {
    this.#trails.delete(proxyId);
  }
}
