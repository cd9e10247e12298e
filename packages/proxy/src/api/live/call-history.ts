import type { Call, CallFilter } from '../schema/call.ts';

/** The newest calls, in bounded memory. */
export class CallHistory {
  readonly #calls: Call[] = [];
  readonly #capacity: number;
  #next = 0;

  constructor(capacity = 500) {
    this.#capacity = capacity;
  }

  get size(): number {
    return this.#calls.length;
  }

  add(call: Call): void {
    this.#calls[this.#next % this.#capacity] = call;
    this.#next++;
  }

  get(id: string): Call | undefined {
    return this.#calls.find((call) => call.id === id);
  }

  /** Newest first. */
  list(limit: number, filter?: CallFilter): Call[] {
    const found: Call[] = [];
    for (let back = 1; back <= this.size && found.length < limit; back++) {
      const call = this.#calls[(this.#next - back) % this.#capacity];
      if (call !== undefined && isWanted(call, filter)) found.push(call);
    }
    return found;
  }
}

function isWanted({ outcome, attempts }: Call, filter: CallFilter | undefined): boolean {
  return filter === undefined || (filter === 'retried' ? attempts.length > 1 : outcome === filter);
}
