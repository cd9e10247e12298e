import type { Dispatcher } from 'undici';
import type { HeaderReader } from '../hints.ts';

type On<K extends keyof Dispatcher.DispatchHandler> = Parameters<NonNullable<Dispatcher.DispatchHandler[K]>>;

/** Headers and trailers as undici gives them, by lower-case name. */
export type ReceivedHeaders = On<'onResponseEnd'>[1];

/** Takes a body as it comes. */
export interface BodySink {
  data(chunk: Buffer): void;
  end(trailers: ReceivedHeaders): void;
  error(error: Error): void;
}

/**
 * The head of a response whose body waits until it is decided what becomes of it: it goes to the caller, or to the one
 * who clears it away. It has as much of a `Response` as is looked at to decide.
 */
export class DispatchedResponse implements BodySink {
  readonly status: number;
  readonly headers: HeaderReader;
  /** Headers and reason as they came. */
  readonly head: readonly [headers: ReceivedHeaders, message: string | undefined];
  readonly #controller: Dispatcher.DispatchController;
  readonly #waiting: ((sink: BodySink) => void)[] = [];
  #sink: BodySink | undefined;
  #body: ReadableStream<Uint8Array> | undefined;

  constructor(controller: Dispatcher.DispatchController, status: number, ...head: DispatchedResponse['head']) {
    const [headers] = head;
    this.#controller = controller;
    this.status = status;
    this.head = head;
    this.headers = { get: (name) => headers[name]?.toString() ?? null };
  }

  /** Lets the body flow; not before it is resumed, where the one who takes it wants to hold it. */
  flowInto(sink: BodySink, isHeld = false): void {
    this.#sink = sink;
    for (const pass of this.#waiting.splice(0)) pass(sink);
    if (this.#controller.paused && !isHeld) this.#controller.resume();
  }

  data(chunk: Buffer): void {
    this.#pass((sink) => sink.data(chunk));
  }

  end(trailers: ReceivedHeaders): void {
    this.#pass((sink) => sink.end(trailers));
  }

  error(error: Error): void {
    this.#pass((sink) => sink.error(error));
  }

  #pass(what: (sink: BodySink) => void): void {
    if (this.#sink === undefined) this.#waiting.push(what);
    else what(this.#sink);
  }

  /** The body, for the one who clears it away. */
  get body(): ReadableStream<Uint8Array> {
    this.#body ??= new ReadableStream<Uint8Array>({
      start: (stream) =>
        this.flowInto({
          data: (chunk) => stream.enqueue(chunk),
          end: () => stream.close(),
          error: (error) => stream.error(error),
        }),
      cancel: () => {
        this.#sink = nobody;
        this.#controller.abort(new Error('nobody reads this response: another attempt follows'));
      },
    });
    return this.#body;
  }

  /** Never called: it makes this a response in the eyes of whoever asks. */
  arrayBuffer(): never {
    throw new TypeError('the body of a dispatched response is a stream');
  }
}

const nobody: BodySink = { data() {}, end() {}, error() {} };
