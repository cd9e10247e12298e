import { addressOf } from './address.ts';
import { type FetchArguments, type FetchInit, type FetchInput, isRequest, type Payload, payloadOf } from './body.ts';
import { repeatability } from './idempotency.ts';
import type { FetchPlan } from './plan.ts';

/**
 * One call of a fetch: what all its attempts have in common. Retry hooks get it as the only argument of the call; it
 * shows neither headers nor body, and of the address only what is no secret.
 */
export class FetchCall {
  readonly method: string;
  /** The address without its query; empty for what no request can be sent to. */
  readonly url: string;
  /** Such as `https://api.example.com`; may be empty, too. */
  readonly origin: string;
  readonly host: string;
  readonly name: string;
  /** Whether it may be sent again although it may have been processed. */
  readonly isIdempotent: boolean;
  /** Whether bodies are read within the attempt. */
  readonly isBuffered: boolean;
  /** Whether the caller makes the attempts. */
  readonly isNested: boolean;
  readonly signal: AbortSignal | undefined;
  readonly #payload: Payload;

  constructor(plan: FetchPlan, input: FetchInput, init: FetchInit) {
    const request: Partial<Request> = isRequest(input) ? input : {};
    const { method = request.method ?? 'GET', signal = request.signal, headers = request.headers } = init;
    const { buffer = plan.isBuffered } = init;
    const { url, origin, host } = addressOf(request.url ?? String(input));
    this.method = method.toUpperCase();
    this.url = url;
    this.origin = origin;
    this.host = host;
    this.name = plan.name ?? `${this.method} ${host}`;
    this.signal = signal ?? undefined;
    this.isBuffered = buffer;
    this.isNested = init.retry === false;
    const { isIdempotent, keyed } = repeatability(this.method, headers, plan);
    this.isIdempotent = isIdempotent;
    this.#payload = payloadOf(input, keyed === undefined ? init : { ...init, headers: keyed }, plan);
  }

  /** Whether the body can be sent once more. */
  get canResend(): boolean {
    return this.#payload.canResend;
  }

  /** What to give to the platform's `fetch` for this attempt. */
  forAttempt(number: number): FetchArguments | Promise<FetchArguments> {
    return this.#payload.forAttempt(number);
  }

  /** The call has failed: lets go of a body that has not been read to its end. */
  cancel(reason: unknown): void {
    this.#payload.cancel?.(reason);
  }
}
