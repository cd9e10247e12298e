import { MulliganError } from 'mulligan';

/** So much of a body is remembered. Source: what linkerd remembers. */
const mostBytes = 64 * 1024;

/**
 * The body of a request that can be read only once, such as a stream. What was read of it is remembered, so that
 * another attempt can begin anew, until it is too much.
 */
export class SpooledBody {
  readonly #source: AsyncIterator<unknown>;
  /** What is remembered, from the chunk with the number {@link #forgotten} on. */
  #chunks: Uint8Array[] = [];
  #forgotten = 0;
  #bytes = 0;
  #pull: Promise<boolean> | undefined;
  #readers = 0;

  constructor(source: AsyncIterable<unknown>) {
    this.#source = source[Symbol.asyncIterator]();
  }

  /** Whether all of it can still be read from its beginning. */
  get isReplayable(): boolean {
    return this.#forgotten === 0;
  }

  /** Reads the body from its beginning. Whoever read it before gets no further. */
  async *open(): AsyncGenerator<Uint8Array> {
    const reader = ++this.#readers;
    for (let number = 0; ; number++) {
      const isThere = number < this.#forgotten + this.#chunks.length || (await this.#pullNext());
      if (!isThere) return;
      const chunk = this.#chunks[number - this.#forgotten];
      if (chunk === undefined || reader !== this.#readers) {
        throw new MulliganError('MULLIGAN_BODY_NOT_REPLAYABLE', 'the body of the request can be read only once');
      }
      yield chunk;
    }
  }

  /** One chunk more, whoever asks; false at the end. */
  #pullNext(): Promise<boolean> {
    this.#pull ??= this.#source.next().then(
      ({ done, value }) => {
        this.#pull = undefined;
        if (done !== true) this.#remember(value);
        return done !== true;
      },
      (error: unknown) => {
        this.#pull = undefined;
        throw error;
      },
    );
    return this.#pull;
  }

  #remember(value: unknown): void {
    const chunk = typeof value === 'string' ? Buffer.from(value) : (value as Uint8Array);
    this.#bytes += chunk.byteLength;
    if (this.#bytes > mostBytes) {
      this.#forgotten += this.#chunks.length;
      this.#chunks = [];
    }
    this.#chunks.push(chunk);
  }
}
