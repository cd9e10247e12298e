import { chunksOf, webStream } from '../body.ts';

/** What is sent. When the source itself breaks, its error is what the caller gets, and not what a client made of it. */
export class BodySource {
  readonly body: Uint8Array | ReadableStream<Uint8Array>;
  hasBroken = false;
  error: unknown;

  constructor(data: Uint8Array | ReadableStream<Uint8Array>) {
    this.body = data instanceof Uint8Array ? data : webStream(() => this.#watch(data));
  }

  async *#watch(stream: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array> {
    try {
      yield* chunksOf(stream);
    } catch (error) {
      this.hasBroken = true;
      this.error = error;
      throw error;
    }
  }
}
