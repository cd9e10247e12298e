import type { Dispatcher } from 'undici';
import type { Cancellation } from '../../kernel/index.ts';
import type { Exchange } from '../origin.ts';
import type { DispatchCall } from './dispatch-call.ts';
import { DispatchedResponse, type ReceivedHeaders } from './dispatched-response.ts';

type Controller = Dispatcher.DispatchController;

/** Sends a request by a dispatcher. A response that will do flows on at once, any other waits to be judged. */
export function exchangeByDispatch(dispatch: Dispatcher['dispatch']): Exchange<DispatchCall> {
  return (call, { number, cancellation }) =>
    new Promise<DispatchedResponse>((resolve, reject) => {
      dispatch(call.forAttempt(number), new AttemptHandler(call, cancellation, resolve, reject));
    }) as Promise<unknown> as Promise<Response>;
}

/** Stands between a dispatcher and the caller for one attempt. */
class AttemptHandler implements Dispatcher.DispatchHandler {
  readonly #call: DispatchCall;
  readonly #cancellation: Cancellation;
  readonly #resolve: (response: DispatchedResponse) => void;
  readonly #reject: (error: Error) => void;
  #leave: (() => void) | undefined;
  #response: DispatchedResponse | undefined;

  constructor(
    call: DispatchCall,
    cancellation: Cancellation,
    resolve: (response: DispatchedResponse) => void,
    reject: (error: Error) => void,
  ) {
    this.#call = call;
    this.#cancellation = cancellation;
    this.#resolve = resolve;
    this.#reject = reject;
  }

  onRequestStart(controller: Controller, context: unknown): void {
    this.#call.begin(controller, context);
    this.#leave = this.#cancellation.onAbort((reason) => controller.abort(reason as Error));
  }

  onRequestUpgrade(...[, status, headers, socket]: UpgradeArguments): void {
    this.#call.handler.onRequestUpgrade?.(this.#call.controller, status, headers, socket);
  }

  onResponseStart(controller: Controller, status: number, headers: ReceivedHeaders, message?: string): void {
    if (status < 200) {
      this.#call.handler.onResponseStart?.(this.#call.controller, status, headers, message);
      return;
    }
    this.#leave?.();
    this.#response = new DispatchedResponse(controller, status, headers, message);
    if (this.#call.accepts(status)) this.#call.deliver(this.#response);
    else controller.pause();
    this.#resolve(this.#response);
  }

  onResponseData(_controller: Controller, chunk: Buffer): void {
    this.#response?.data(chunk);
  }

  onResponseEnd(_controller: Controller, trailers: ReceivedHeaders): void {
    this.#response?.end(trailers);
  }

  onResponseError(_controller: Controller, error: Error): void {
    this.#leave?.();
    if (this.#response === undefined) this.#reject(error);
    else this.#response.error(error);
  }
}

type UpgradeArguments = Parameters<NonNullable<Dispatcher.DispatchHandler['onRequestUpgrade']>>;
