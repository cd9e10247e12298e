/** What can be read only once. */
export type OneShotBody = ReadableStream<Uint8Array> | AsyncIterable<Uint8Array | string>;

/**
 * Keeps a copy of a stream while it is sent, so that it can be sent again. The first attempt is not held up: the copy
 * is made as the bytes pass. Each further attempt sends the copy, and goes on where the one before broke off.
 */
export class Spool {
  readonly #next: () => Promise<IteratorResult<unknown>>;
  readonly #end: (reason: unknown) => Promise<unknown>;
  readonly #limitBytes: number;
  readonly #chunks: (Uint8Array | undefined)[] = [];
  #bytes = 0;
  #released = 0;
  #newest = 0;
  #hasEnded = false;
  #pending: Promise<void> | undefined;

  constructor(source: OneShotBody, limitBytes: number) {
    this.#limitBytes = limitBytes;
    if ('getReader' in source) {
      const reader = source.getReader();
      this.#next = () => reader.read() as Promise<IteratorResult<unknown>>;
      this.#end = (reason) => reader.cancel(reason);
    } else {
      const iterator = source[Symbol.asyncIterator]();
      this.#next = () => iterator.next();
      this.#end = async () => iterator.return?.();
    }
  }

  /** Whether the copy is whole: a body larger than the limit has been let go. */
  get canReplay(): boolean {
    return this.#bytes <= this.#limitBytes;
  }

  /** The body, from its beginning. Streams that were made before have ended. */
  stream(): ReadableStream<Uint8Array> {
    const own = ++this.#newest;
    let index = 0;
    return new ReadableStream<Uint8Array>(
      {
        pull: async (controller) => {
          while (index >= this.#chunks.length && !this.#hasEnded) await this.#read();
          if (own !== this.#newest) return;
          const chunk = this.#chunks[index++];
          if (chunk === undefined) controller.close();
          else controller.enqueue(chunk);
          if (!this.canReplay) this.#release(index);
        },
      },
      { highWaterMark: 0 },
    );
  }

  /** The call is given up: lets go of the source. */
  async cancel(reason: unknown): Promise<void> {
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    await this.#end(reason).catch(() => {});
  }

  /** One read at a time: what an attempt was still waiting for when it broke off is the next one's. */
  #read(): Promise<void> {
    this.#pending ??= this.#take().finally(() => {
      this.#pending = undefined;
    });
    return this.#pending;
  }

  async #take(): Promise<void> {
    const { done, value } = await this.#next();
    if (done === true) {
      this.#hasEnded = true;
      return;
    }
    const chunk = toBytes(value);
    this.#chunks.push(chunk);
    this.#bytes += chunk.byteLength;
  }

  /** What has been sent need not be kept when it is too much to be sent again. */
  #release(untilIndex: number): void {
    for (; this.#released < untilIndex; this.#released++) this.#chunks[this.#released] = undefined;
  }
}

function toBytes(chunk: unknown): Uint8Array {
  if (chunk instanceof Uint8Array) return chunk;
  if (typeof chunk === 'string') return new TextEncoder().encode(chunk);
  if (ArrayBuffer.isView(chunk)) return new Uint8Array(chunk.buffer, chunk.byteOffset, chunk.byteLength);
  if (chunk instanceof ArrayBuffer) return new Uint8Array(chunk);
  throw new TypeError('a streamed body must consist of bytes');
}
