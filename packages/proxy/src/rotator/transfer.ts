import { DecoratorHandler, Dispatcher } from 'undici';

/** What undici's own decorator does besides what its types say. */
interface ResponseHandler extends Dispatcher.DispatchHandler {
  onResponseStart(controller: unknown, status: number, ...args: unknown[]): void;
  onResponseEnd(...args: unknown[]): void;
  onResponseError(controller: unknown, error: unknown, ...args: unknown[]): void;
}

const Decorator = DecoratorHandler as unknown as new (handler: Dispatcher.DispatchHandler) => ResponseHandler;

interface ResponseWatch {
  started(status: number): void;
  ended(error?: unknown): void;
}

/** Hears when a response begins, and when it has ended, its body included. */
class WatchedHandler extends Decorator {
  readonly #watch: ResponseWatch;

  constructor(handler: Dispatcher.DispatchHandler, watch: ResponseWatch) {
    super(handler);
    this.#watch = watch;
  }

  override onResponseStart(controller: unknown, status: number, ...args: unknown[]): void {
    this.#watch.started(status);
    super.onResponseStart(controller, status, ...args);
  }

  override onResponseEnd(...args: unknown[]): void {
    this.#watch.ended();
    super.onResponseEnd(...args);
  }

  override onResponseError(controller: unknown, error: unknown, ...args: unknown[]): void {
    this.#watch.ended(error);
    super.onResponseError(controller, error, ...args);
  }
}

/**
 * What one attempt of a fetch transfers: a request and its redirects, to the last byte of the last body. The promise
 * of a fetch is kept at the head of its response; the proxy is in use, and an abort still meant, until this is idle.
 */
export class Transfer extends Dispatcher {
  readonly #upstream: Dispatcher;
  readonly #onIdle: (error: unknown) => void;
  /** The fetch itself, and each request under way. */
  #parts = 1;
  #status: number | undefined;
  #error: unknown;

  /** @param onIdle told once, with the error that ended the last response, where one did */
  constructor(upstream: Dispatcher, onIdle: (error: unknown) => void) {
    super();
    this.#upstream = upstream;
    this.#onIdle = onIdle;
  }

  /** The status of the newest response. */
  get status(): number | undefined {
    return this.#status;
  }

  override dispatch(options: Dispatcher.DispatchOptions, handler: Dispatcher.DispatchHandler): boolean {
    this.#parts++;
    const watch = {
      started: (status: number) => void (this.#status = status),
      ended: (error: unknown) => {
        this.#error = error;
        this.settle();
      },
    };
    return this.#upstream.dispatch(options, new WatchedHandler(handler, watch));
  }

  /** One part has ended. */
  settle(): void {
    if (--this.#parts === 0) this.#onIdle(this.#error);
  }
}
