import { type Cancellation, orAborted } from '../kernel/index.ts';
import type { IdleWatch } from './idle-watch.ts';

/** How much is written at once (source: Fromager). */
const chunkBytes = 64 * 1024;

/** How much may wait for the disk: so much is read on while the disk is busy. */
const mostQueuedBytes = 1024 * 1024;

/** Where the bytes of a body go. */
export interface Basin {
  /** Writes bytes at their place in the file. */
  write(bytes: Uint8Array, position: number): Promise<void>;
  /** The body holds more than it may: what to throw. */
  overflow(): Error;
}

/** Which bytes of the file a body is, and what ends the reading. */
export interface Flow {
  readonly start: number;
  readonly end: number;
  readonly cancellation: Cancellation;
  readonly watch: IdleWatch;
}

/**
 * Reads a body into a file. Reading does not wait for each write, so that what has come is kept when the connection breaks.
 * Returns where the body ended.
 */
export async function pour(body: Response['body'], basin: Basin, flow: Flow): Promise<number> {
  if (body === null) return flow.start;
  const queue = new WriteQueue(basin, flow.start);
  const reader = body.getReader();
  try {
    await readAll(reader, queue, basin, flow);
  } catch (error) {
    reader.cancel(error).catch(() => {});
    // What has come is as good as ever. An error of the disk is the better explanation.
    await queue.flush();
    throw error;
  }
  await flow.watch.pausedFor(queue.flush());
  return queue.position;
}

async function readAll(
  reader: ReadableStreamDefaultReader<Uint8Array>,
  queue: WriteQueue,
  basin: Basin,
  { start, end, cancellation, watch }: Flow,
): Promise<void> {
  for (let position = start; ;) {
    const { done, value } = await orAborted(reader.read(), cancellation);
    if (done) return;
    watch.heard();
    position += value.byteLength;
    if (position > end) throw basin.overflow();
    queue.add(value);
    if (queue.isFull) await watch.pausedFor(queue.drained());
  }
}

/** Bytes on their way to the disk, in order; written in pieces of a useful size. */
class WriteQueue {
  readonly #basin: Basin;
  #position: number;
  #chunks: Uint8Array[] = [];
  #bytes = 0;
  #writing: Promise<void> | undefined;
  #failure: { readonly error: unknown } | undefined;

  constructor(basin: Basin, position: number) {
    this.#basin = basin;
    this.#position = position;
  }

  /** Up to where everything is written. */
  get position(): number {
    return this.#position;
  }

  get isFull(): boolean {
    return this.#bytes >= mostQueuedBytes || this.#failure !== undefined;
  }

  add(chunk: Uint8Array): void {
    this.#chunks.push(chunk);
    this.#bytes += chunk.byteLength;
    if (this.#bytes >= chunkBytes) this.#writing ??= this.#write(chunkBytes);
  }

  /** There is room again. */
  async drained(): Promise<void> {
    await this.#writing;
    if (this.#failure !== undefined) throw this.#failure.error;
  }

  /** Everything is written. */
  async flush(): Promise<void> {
    await this.drained();
    this.#writing = this.#write(1);
    await this.drained();
  }

  async #write(leastBytes: number): Promise<void> {
    try {
      while (this.#bytes >= leastBytes) {
        const [first] = this.#chunks;
        const bytes = this.#chunks.length === 1 && first !== undefined ? first : Buffer.concat(this.#chunks);
        this.#chunks = [];
        this.#bytes = 0;
        await this.#basin.write(bytes, this.#position);
        this.#position += bytes.byteLength;
      }
    } catch (error) {
      this.#failure = { error };
    } finally {
      this.#writing = undefined;
    }
  }
}
