import type { Dispatcher } from 'undici';
import type { AbortLink, Cancellation } from '../../kernel/index.ts';
import type { Exchange } from '../origin.ts';
import type { DispatchCall } from './dispatch-call.ts';
import { DispatchedResponse, type ReceivedHeaders } from './dispatched-response.ts';

type Controller = Dispatcher.DispatchController;

/** Sends a request by a dispatcher. A response that will do flows on at once, any other waits to be judged. */
export function exchangeByDispatch(dispatch: Dispatcher['dispatch']): Exchange<DispatchCall> {
  return (call, context) =>
    new Promise<DispatchedResponse>((resolve, reject) => {
      const cancellation = context.isCancellable ? context.cancellation : undefined;
      dispatch(call.forAttempt(context.number), new AttemptHandler(call, cancellation, resolve, reject));
    }) as Promise<unknown> as Promise<Response>;
}

/** Stands between a dispatcher and the caller for one attempt. */
class AttemptHandler implements Dispatcher.DispatchHandler {
  readonly #call: DispatchCall;
  readonly #cancellation: Cancellation | undefined;
  readonly #resolve: (response: DispatchedResponse) => void;
  readonly #reject: (error: Error) => void;
  #link: AbortLink | undefined;
  /** The response flows to the caller as it comes. */
  #isDelivered = false;
  /** The response waits to be judged. */
  #response: DispatchedResponse | undefined;

  constructor(
    call: DispatchCall,
    cancellation: Cancellation | undefined,
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
    this.#link = this.#cancellation?.listen((reason) => controller.abort(reason as Error));
  }

  onRequestUpgrade(...[, status, headers, socket]: UpgradeArguments): void {
    this.#call.handler.onRequestUpgrade?.(this.#call.controller, status, headers, socket);
  }

  onResponseStart(controller: Controller, status: number, headers: ReceivedHeaders, message?: string): void {
    const call = this.#call;
    if (status < 200) {
      call.handler.onResponseStart?.(call.controller, status, headers, message);
      return;
    }
    this.#cancellation?.unlisten(this.#link);
    if (call.accepts(status)) {
      this.#isDelivered = true;
      call.pass(status, headers, message);
      // All that is asked of it from now on is its status.
      this.#resolve({ status } as DispatchedResponse);
      return;
    }
    controller.pause();
    call.controller.prepareToWait();
    this.#response = new DispatchedResponse(controller, status, headers, message);
    this.#resolve(this.#response);
  }

  onResponseData(_controller: Controller, chunk: Buffer): void {
    const { handler, controller } = this.#call;
    if (this.#isDelivered) handler.onResponseData?.(controller, chunk);
    else this.#response?.data(chunk);
  }

  onResponseEnd(_controller: Controller, trailers: ReceivedHeaders): void {
    const { handler, controller } = this.#call;
    if (this.#isDelivered) handler.onResponseEnd?.(controller, trailers);
    else this.#response?.end(trailers);
  }

  onResponseError(_controller: Controller, error: Error): void {
    this.#cancellation?.unlisten(this.#link);
    const { handler, controller } = this.#call;
    if (this.#isDelivered) handler.onResponseError?.(controller, error);
    else if (this.#response !== undefined) this.#response.error(error);
    else {
      this.#call.controller.prepareToWait();
      this.#reject(error);
    }
  }
}

type UpgradeArguments = Parameters<NonNullable<Dispatcher.DispatchHandler['onRequestUpgrade']>>;
