import { randomBytes } from 'node:crypto';

/** One event as the stream sends it. */
export interface LogEntry {
  readonly id: string;
  readonly type: string;
  readonly data: unknown;
}

/** The newest events with their ids, so that a reader that lost its connection can go on where it was. */
export class EventLog {
  // Ids of an earlier process must not look like ours.
  readonly #life = randomBytes(4).toString('hex');
  readonly #entries: LogEntry[] = [];
  readonly #capacity: number;
  #next = 1;

  constructor(capacity = 1000) {
    this.#capacity = capacity;
  }

  append(type: string, data: unknown): LogEntry {
    const number = this.#next++;
    const entry = { id: `${this.#life}-${number}`, type, data };
    this.#entries[number % this.#capacity] = entry;
    return entry;
  }

  /** What came after the event with this id; `undefined` when some of it, or the id itself, is no longer known. */
  since(id: string): readonly LogEntry[] | undefined {
    const [life, text = ''] = id.split('-');
    const number = /^\d+$/u.test(text) ? Number(text) : Number.NaN;
    const oldest = Math.max(1, this.#next - this.#capacity);
    if (life !== this.#life || !(number >= oldest - 1 && number < this.#next)) return undefined;
    const missed: LogEntry[] = [];
    for (let at = number + 1; at < this.#next; at++) {
      const entry = this.#entries[at % this.#capacity];
      if (entry !== undefined) missed.push(entry);
    }
    return missed;
  }
}
