import type { Dispatcher } from 'undici';
import type { Context } from '../../kernel/index.ts';
import { addressOf } from '../address.ts';
import { type FetchArguments, type Payload, payloadOf } from '../body.ts';
import { repeatability } from '../idempotency.ts';
import type { Call } from '../origin.ts';
import type { FetchPlan } from '../plan.ts';
import type { DispatchedResponse, ReceivedHeaders } from './dispatched-response.ts';

type Controller = Dispatcher.DispatchController;
type Handler = Dispatcher.DispatchHandler;
type Options = Dispatcher.DispatchOptions;

/** What the caller controls: whichever attempt is under way, or the wait between two. */
class CallController implements Controller {
  /** What the call runs under. */
  context: Context | undefined;
  current: Controller | undefined;
  /** The caller wants the body to wait. */
  isHeld = false;
  aborted = false;
  reason: Error | null = null;

  get paused(): boolean {
    return this.current?.paused ?? false;
  }

  get rawHeaders(): NonNullable<Controller['rawHeaders']> | null {
    return this.current?.rawHeaders ?? null;
  }

  get rawTrailers(): NonNullable<Controller['rawTrailers']> | null {
    return this.current?.rawTrailers ?? null;
  }

  pause(): void {
    this.isHeld = true;
    this.current?.pause();
  }

  resume(): void {
    this.isHeld = false;
    this.current?.resume();
  }

  abort(reason: Error): void {
    if (this.aborted) return;
    this.aborted = true;
    this.reason = reason;
    if (this.context?.isCancellable === true) this.context.cancellation.abort(reason);
    this.current?.abort(reason);
  }

  /** From here on an abort must end a wait, too, and not only the attempt under way. */
  prepareToWait(): void {
    const cancellation = this.context?.cancellation;
    if (this.aborted) cancellation?.abort(this.reason);
  }
}

/** One request of a dispatcher: what all its attempts have in common. */
export class DispatchCall implements Call {
  readonly method: string;
  readonly url: string;
  readonly origin: string;
  readonly name: string;
  readonly isIdempotent: boolean;
  /** undici hands a caller's signal to the controller. */
  readonly signal = undefined;
  readonly handler: Handler;
  readonly controller: CallController = new CallController();
  readonly #plan: FetchPlan;
  readonly #options: Options;
  readonly #headers: Options['headers'];
  readonly #payload: Payload | undefined;
  #hasBegun = false;
  #isDelivered = false;

  constructor(plan: FetchPlan, options: Options, handler: Handler) {
    const { url, origin, host } = addressOf(`${String(options.origin ?? '')}${options.path}`);
    this.method = options.method.toUpperCase();
    this.url = url;
    this.origin = origin;
    this.name = plan.name ?? `${this.method} ${host}`;
    this.handler = handler;
    this.#plan = plan;
    this.#options = options;
    const { isIdempotent, keyed } = repeatability(this.method, pairs(options.headers), plan);
    this.isIdempotent = isIdempotent;
    this.#headers = keyed === undefined ? options.headers : Object.fromEntries(keyed);
    const { body } = options;
    this.#payload = body === undefined || body === null ? undefined : payloadOf(url, { body: body as BodyInit }, plan);
  }

  runsUnder(context: Context, mayWait: boolean): void {
    this.controller.context = context;
    if (mayWait) this.controller.prepareToWait();
  }

  get canResend(): boolean {
    return this.#payload?.canResend ?? true;
  }

  cancel(reason: unknown): void {
    this.#payload?.cancel?.(reason);
  }

  /** What to dispatch for this attempt. */
  forAttempt(number: number): Options {
    if (this.#payload === undefined && this.#headers === this.#options.headers) return this.#options;
    const [, init] = (this.#payload?.forAttempt(number) ?? noBody) as FetchArguments;
    return { ...this.#options, headers: this.#headers ?? null, body: (init.body ?? null) as Options['body'] & object };
  }

  /** An attempt is about to be sent. The caller hears of the first. */
  begin(controller: Controller, context: unknown): void {
    this.controller.current = controller;
    if (this.#hasBegun) return;
    this.#hasBegun = true;
    this.handler.onRequestStart?.(this.controller, context);
  }

  /** Whether a status will do, without asking further. */
  accepts(status: number): boolean {
    return status < 400 && !this.#plan.statuses.has(status) && this.#plan.onResult === undefined;
  }

  /** Gives the head of a response to the caller, whose body follows as it comes. */
  pass(status: number, headers: ReceivedHeaders, message: string | undefined): void {
    this.#isDelivered = true;
    this.handler.onResponseStart?.(this.controller, status, headers, message);
  }

  /** Gives a response to the caller, once. */
  deliver(response: DispatchedResponse): void {
    if (this.#isDelivered) return;
    this.#isDelivered = true;
    const { controller, handler } = this;
    const [headers, message] = response.head;
    handler.onResponseStart?.(controller, response.status, headers, message);
    const sink = {
      data: (chunk: Buffer) => handler.onResponseData?.(controller, chunk),
      end: (trailers: ReceivedHeaders) => handler.onResponseEnd?.(controller, trailers),
      error: (error: Error) => handler.onResponseError?.(controller, error),
    };
    response.flowInto(sink, controller.isHeld);
  }

  /** Tells the caller that there will be no response. What happens to one that there is comes by the response itself. */
  fail(error: unknown): void {
    if (!this.#isDelivered) this.handler.onResponseError?.(this.controller, error as Error);
  }
}

const noBody: FetchArguments = ['', {}];

/** undici takes an array for names and values in turn. */
function pairs(headers: Options['headers']): RequestInit['headers'] {
  if (!Array.isArray(headers)) return (headers ?? undefined) as RequestInit['headers'];
  return headers.flatMap((name, i): [string, string][] => (i % 2 === 0 ? [[name, headers[i + 1] ?? '']] : []));
}
