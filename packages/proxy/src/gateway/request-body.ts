import type { ClientRequest, IncomingMessage } from 'node:http';
import { RequestRefused } from './trouble.ts';

/** Counts what all kept bodies take together. */
export class BodyMemory {
  readonly #limitBytes: number;
  #usedBytes = 0;

  constructor(limitBytes: number) {
    this.#limitBytes = limitBytes;
  }

  get usedBytes(): number {
    return this.#usedBytes;
  }

  /** Whether there was room. */
  take(bytes: number): boolean {
    if (this.#usedBytes + bytes > this.#limitBytes) return false;
    this.#usedBytes += bytes;
    return true;
  }

  giveBack(bytes: number): void {
    this.#usedBytes -= bytes;
  }
}

/**
 * The body of a request: kept whole where it is small, so that it can be sent again; else its beginning is kept and
 * the rest streams, once.
 */
export class RequestBody {
  /** The header field that frames it, name and value; nothing for no body. */
  readonly framing: readonly string[];
  readonly #source: IncomingMessage;
  readonly #memory: BodyMemory;
  readonly #announcedBytes: number;
  #kept: Buffer = Buffer.alloc(0);
  #takenBytes = 0;
  #streamedBytes = 0;
  #isWhole: boolean;
  #isSpent = false;

  constructor(source: IncomingMessage, memory: BodyMemory) {
    this.#source = source;
    this.#memory = memory;
    const { 'content-length': length, 'transfer-encoding': coding } = source.headers;
    this.#announcedBytes = coding === undefined ? Number(length ?? 0) : 0;
    this.#isWhole = coding === undefined && this.#announcedBytes === 0;
    if (coding !== undefined) this.framing = ['Transfer-Encoding', 'chunked'];
    else this.framing = length === undefined ? [] : ['Content-Length', length];
  }

  /** Whether it can be sent from its beginning. */
  get isReplayable(): boolean {
    return this.#isWhole || !this.#isSpent;
  }

  get lengthBytes(): number {
    return this.#kept.length + this.#streamedBytes;
  }

  /** Keeps it whole when it has at most so many bytes; ends when that is known. Rejects when the client breaks off. */
  keep(limitBytes: number): Promise<void> {
    if (this.#isWhole || this.#announcedBytes > limitBytes) return Promise.resolve();
    const source = this.#source;
    if (source.destroyed) return Promise.reject(brokenOff());
    return new Promise((resolve, reject) => {
      const leave = (): void => void source.off('readable', onReadable).off('end', onEnd).off('close', onClose);
      const onEnd = (): void => {
        this.#isWhole = true;
        leave();
        resolve();
      };
      const onClose = (): void => {
        leave();
        reject(brokenOff());
      };
      const onReadable = (): void => {
        if (this.#takeFrom(source) && this.#kept.length <= limitBytes) return;
        leave();
        resolve();
      };
      source.on('readable', onReadable).on('end', onEnd).on('close', onClose);
    });
  }

  /** Keeps what has come; false when there is no room for more. */
  #takeFrom(source: IncomingMessage): boolean {
    const chunk = source.read() as Buffer | null;
    if (chunk === null) return true;
    this.#kept = this.#kept.length === 0 ? chunk : Buffer.concat([this.#kept, chunk]);
    if (!this.#memory.take(chunk.length)) return false;
    this.#takenBytes += chunk.length;
    return true;
  }

  /** Writes it into a request, and ends that. What streams waits for the connection: until then it can be had again. */
  sendTo(request: ClientRequest): void {
    if (this.#isWhole) request.end(this.#kept.length === 0 ? undefined : this.#kept);
    else {
      request.flushHeaders();
      request.once('socket', () => this.#streamTo(request));
    }
  }

  #streamTo(request: ClientRequest): void {
    this.#isSpent = true;
    const source = this.#source;
    if (this.#kept.length > 0) request.write(this.#kept);
    source.on('data', (chunk: Buffer) => {
      this.#streamedBytes += chunk.length;
      if (!request.write(chunk)) source.pause();
    });
    request.on('drain', () => source.resume());
    source.once('end', () => request.end());
  }

  /** Forgets what was kept. */
  release(): void {
    this.#memory.giveBack(this.#takenBytes);
    this.#takenBytes = 0;
    this.#kept = Buffer.alloc(0);
  }
}

function brokenOff(): RequestRefused {
  return new RequestRefused(400, 'http_request_error', 'the client broke off');
}
