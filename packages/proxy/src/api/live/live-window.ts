import type { World } from 'mulligan';

/** What a finished call adds to the window. */
export interface Sample {
  readonly isFailure: boolean;
  readonly retries: number;
  readonly durationMs: number;
}

/** One second of the window. */
export interface WindowSecond {
  readonly atMs: number;
  readonly requests: number;
  readonly failures: number;
  readonly retries: number;
  readonly medianMs: number | undefined;
}

/** The window as a whole. */
export interface WindowReading {
  readonly perSecond: number;
  /** `undefined` while nothing has ended. */
  readonly successRate: number | undefined;
  readonly latencyMs: { readonly p50: number; readonly p95: number; readonly p99: number } | undefined;
  readonly seconds: readonly WindowSecond[];
}

interface Slot {
  second: number;
  requests: number;
  failures: number;
  retries: number;
  durations: number[];
}

// Per second: enough for a steady p99, and a bound on memory at any load.
const durationsKept = 200;

/** Counts what ended within the last seconds, second by second. */
export class LiveWindow {
  readonly seconds: number;
  readonly #world: World;
  readonly #startedAt: number;
  readonly #startedWallAt: number;
  readonly #slots: Slot[];

  constructor(world: World, seconds = 60) {
    this.seconds = seconds;
    this.#world = world;
    this.#startedAt = world.now();
    this.#startedWallAt = world.wallNow();
    this.#slots = Array.from({ length: seconds }, () => emptySlot(-1));
  }

  add({ isFailure, retries, durationMs }: Sample): void {
    const slot = this.#slotOf(this.#currentSecond());
    slot.requests++;
    slot.retries += retries;
    if (isFailure) slot.failures++;
    // A fair choice among all of the second (reservoir sampling).
    const place = slot.requests <= durationsKept ? slot.requests - 1 : Math.floor(this.#world.random() * slot.requests);
    if (place < durationsKept) slot.durations[place] = durationMs;
  }

  read(): WindowReading {
    const current = this.#currentSecond();
    const slots = this.#slots.filter(({ second }) => second > current - this.seconds && second >= 0);
    const requests = sum(slots, 'requests');
    const elapsed = (this.#world.now() - this.#startedAt) / 1000;
    const durations = sorted(slots.flatMap((slot) => slot.durations));
    return {
      perSecond: requests / Math.max(1, Math.min(this.seconds, elapsed)),
      successRate: requests === 0 ? undefined : 1 - sum(slots, 'failures') / requests,
      latencyMs:
        durations.length === 0
          ? undefined
          : { p50: quantile(durations, 0.5), p95: quantile(durations, 0.95), p99: quantile(durations, 0.99) },
      seconds: this.#history(current),
    };
  }

  #history(current: number): WindowSecond[] {
    return Array.from({ length: this.seconds }, (_, at) => {
      const second = current - this.seconds + 1 + at;
      const found = this.#slots[modulo(second, this.seconds)];
      const slot = found?.second === second && second >= 0 ? found : emptySlot(second);
      return {
        atMs: this.#startedWallAt + second * 1000,
        requests: slot.requests,
        failures: slot.failures,
        retries: slot.retries,
        medianMs: slot.durations.length === 0 ? undefined : quantile(sorted(slot.durations), 0.5),
      };
    });
  }

  #currentSecond(): number {
    return Math.floor((this.#world.now() - this.#startedAt) / 1000);
  }

  #slotOf(second: number): Slot {
    const place = modulo(second, this.seconds);
    const slot = this.#slots[place];
    if (slot?.second === second) return slot;
    return (this.#slots[place] = emptySlot(second));
  }
}

function emptySlot(second: number): Slot {
  return { second, requests: 0, failures: 0, retries: 0, durations: [] };
}

function modulo(value: number, by: number): number {
  return ((value % by) + by) % by;
}

function sum(slots: readonly Slot[], field: 'requests' | 'failures'): number {
  return slots.reduce((total, slot) => total + slot[field], 0);
}

function sorted(values: readonly number[]): number[] {
  return values.toSorted((a, b) => a - b);
}

/** The value below which this share of the sorted values lies (nearest rank). */
export function quantile(sortedValues: readonly number[], share: number): number {
  const rank = Math.ceil(share * sortedValues.length);
  return sortedValues[Math.max(0, rank - 1)] ?? Number.NaN;
}
