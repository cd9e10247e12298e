import type { Socket } from 'node:net';
import { type Flight, readFlight } from './client-hello.ts';

/** No more of what a client sent is kept for sending it again: a ClientHello is smaller. */
const longestFlightBytes = 16_384;

/**
 * What a client sends into its tunnel, read and kept from the beginning while it may have to be sent again through
 * another proxy.
 */
export class FirstFlight {
  readonly #client: Socket;
  #bytes: Buffer;
  #hasEnded = false;
  /** Told of everything new: of bytes, or of the client's end. */
  listener: ((chunk: Buffer | undefined) => void) | undefined;

  /** @param head what came together with the request for the tunnel */
  constructor(client: Socket, head: Buffer) {
    this.#client = client;
    this.#bytes = head;
    client.on('readable', this.#onReadable).on('end', this.#onEnd);
    // What has come before is not told again.
    this.#hasEnded = client.readableEnded;
    if (!this.#hasEnded) this.#onReadable();
  }

  get bytes(): Buffer {
    return this.#bytes;
  }

  /** The client will send no more. */
  get hasEnded(): boolean {
    return this.#hasEnded;
  }

  /** What it is; `empty` before the first byte. */
  get kind(): Flight | 'empty' {
    if (this.#bytes.length === 0) return 'empty';
    return this.#bytes.length > longestFlightBytes ? 'other' : readFlight(this.#bytes);
  }

  /** Reads no further: what comes now is left in the socket. */
  stop(): void {
    this.listener = undefined;
    this.#client.off('readable', this.#onReadable).off('end', this.#onEnd);
  }

  readonly #onReadable = (): void => {
    if (this.#bytes.length > longestFlightBytes) return;
    const chunk = this.#client.read() as Buffer | null;
    if (chunk === null) return;
    this.#bytes = this.#bytes.length === 0 ? chunk : Buffer.concat([this.#bytes, chunk]);
    this.listener?.(chunk);
  };

  readonly #onEnd = (): void => {
    this.#hasEnded = true;
    this.listener?.(undefined);
  };
}
