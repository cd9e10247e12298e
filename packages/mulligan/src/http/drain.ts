/** A rest longer than this is not worth reading for the sake of its connection. */
const mostBytes = 64 * 1024;

/**
 * Gets rid of the body of a response that nobody will read. A short rest is read to its end, so that the connection can
 * be used again; a longer one, or one that is not there when the next attempt begins, is cancelled.
 */
export class Drain implements Disposable {
  readonly #response: Response;
  #reader: ReadableStreamDefaultReader<Uint8Array> | undefined;
  #isOver = false;

  constructor(response: Response) {
    this.#response = response;
    // Not at once: those who are told of the retry may clone the response first.
    queueMicrotask(() => void this.#read());
  }

  /** The time to read is over. */
  [Symbol.dispose](): void {
    void this.#cancel();
  }

  async #read(): Promise<void> {
    const { body } = this.#response;
    if (this.#isOver || body === null || body.locked) return;
    const reader = body.getReader();
    this.#reader = reader;
    try {
      for (let bytes = 0; bytes <= mostBytes;) {
        const { done, value } = await reader.read();
        if (done) {
          this.#isOver = true;
          return;
        }
        bytes += value.byteLength;
      }
    } catch {
      // It broke off: that is an end, too.
    }
    await this.#cancel();
  }

  async #cancel(): Promise<void> {
    if (this.#isOver) return;
    this.#isOver = true;
    const source = this.#reader ?? this.#response.body;
    await source?.cancel().catch(() => {});
  }
}
