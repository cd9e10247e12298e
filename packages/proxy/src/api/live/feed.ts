import type { Timer, World } from 'mulligan';

/** How often a silent stream shows that it is alive. */
const heartbeatMs = 15_000;

// A reader this far behind is gone or stuck: it is let go, and resumes by its last id when it comes back. More than
// what one that comes back is given at once.
const maxQueuedChunks = 2000;

/** One message of a stream of server-sent events. Without an id it is not resumed after. */
export interface FeedMessage {
  readonly id?: string;
  readonly type: string;
  readonly data: unknown;
}

const encoder = new TextEncoder();

/** Writes a message in the form of the EventSource standard. JSON never has a line break of its own. */
export function encodeMessage({ id, type, data }: FeedMessage): Uint8Array {
  return encoder.encode(`${id === undefined ? '' : `id: ${id}\n`}event: ${type}\ndata: ${JSON.stringify(data)}\n\n`);
}

/** One reader's stream. */
export class Feed {
  readonly stream: ReadableStream<Uint8Array>;
  readonly #world: World;
  readonly #onEnd: () => void;
  #controller: ReadableStreamDefaultController<Uint8Array> | undefined;
  #heartbeat: Timer | undefined;

  constructor(world: World, onEnd: () => void) {
    this.#world = world;
    this.#onEnd = onEnd;
    const start = (controller: ReadableStreamDefaultController<Uint8Array>): void => {
      this.#controller = controller;
    };
    this.stream = new ReadableStream({ start, cancel: () => this.#end() }, { highWaterMark: maxQueuedChunks });
    this.send(encoder.encode('retry: 1000\n\n'));
  }

  send(chunk: Uint8Array): void {
    const controller = this.#controller;
    if (controller === undefined) return;
    if ((controller.desiredSize ?? 0) <= 0) return this.close();
    controller.enqueue(chunk);
    this.#heartbeat?.cancel();
    this.#heartbeat = this.#world.setTimer(() => this.send(encoder.encode(': alive\n\n')), heartbeatMs);
    this.#heartbeat.unref();
  }

  close(): void {
    const controller = this.#controller;
    this.#end();
    controller?.close();
  }

  #end(): void {
    if (this.#controller === undefined) return;
    this.#controller = undefined;
    this.#heartbeat?.cancel();
    this.#onEnd();
  }
}
