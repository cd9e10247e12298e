import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AttemptFailure } from '../failure/index.ts';
import type { FailoverAttempt } from '../rotator/index.ts';
import { deliver } from './deliver.ts';
import type { Exchange } from './exchange.ts';
import { type PlainMessage, plainMessage } from './plain-message.ts';
import { RequestBody } from './request-body.ts';
import { failureOfResponse } from './response-failure.ts';
import { sendPlain } from './send-plain.ts';
import { type GatewayServices, nameInVia } from './services.ts';
import type { AbsoluteTarget } from './target.ts';

/** A plain request of a client, let in. */
export interface PlainInbound {
  readonly request: IncomingMessage;
  readonly reply: ServerResponse;
  readonly target: AbsoluteTarget;
  readonly exchange: Exchange;
}

/** Forwards a plain request, and hands the response on to its end. */
export async function forwardPlain(services: GatewayServices, inbound: PlainInbound): Promise<void> {
  const { request, reply, exchange, target } = inbound;
  const { plan, rotator, bodies } = services;
  const pseudonym = nameInVia(services);
  const isIdempotent = rotator.retryPolicy.mayRepeat(request.method ?? '');
  const body = new RequestBody(request, bodies);
  let forwarding: Forwarding | undefined;
  try {
    await body.keep(plan.bodyBytes);
    forwarding = new Forwarding(services, plainMessage({ request, target, body, isIdempotent, pseudonym }));
    await deliver(await forwarding.responseFor(exchange), reply, exchange, pseudonym);
  } finally {
    forwarding?.end();
    exchange.bytesUp = body.lengthBytes;
    body.release();
  }
}

/** One message on its way through one proxy after another. */
class Forwarding {
  readonly #services: GatewayServices;
  readonly #message: PlainMessage;
  /** The response of the last attempt, even if it counts as a failure: nothing better may come. */
  #response: IncomingMessage | undefined;
  #release: (() => void) | undefined;

  constructor(services: GatewayServices, message: PlainMessage) {
    this.#services = services;
    this.#message = message;
  }

  /** The first response that can be handed on, else the last failing one: it says more than the gateway could. */
  async responseFor(exchange: Exchange): Promise<IncomingMessage> {
    const { body } = this.#message;
    try {
      const isReplayable = (): boolean => body.isReplayable;
      return await exchange.failover(this.#services.rotator, isReplayable, (attempt) => this.#attempt(attempt));
    } catch (error) {
      if (this.#response === undefined || exchange.isAbandoned) throw error;
      return this.#response;
    }
  }

  async #attempt(attempt: FailoverAttempt): Promise<IncomingMessage> {
    this.end();
    const response = await sendPlain(this.#services, attempt, this.#message);
    const failure = failureOfResponse(response, attempt, this.#message, this.#services.plan.world.wallNow());
    if (failure !== undefined && !isForClient(failure)) {
      response.destroy();
      throw failure;
    }
    // The proxy is in use until the last byte of the response has come.
    this.#release = attempt.hold();
    this.#response = response;
    if (failure?.mayFailOver === true && !attempt.isLast) throw failure;
    const status = response.statusCode ?? 0;
    attempt.answered(failure === undefined ? { status } : { status, failure });
    return response;
  }

  /** Lets go of the last attempt; of a response that has come to its end nothing is left to let go. */
  end(): void {
    this.#response?.destroy();
    this.#response = undefined;
    this.#release?.();
    this.#release = undefined;
  }
}

/** What a proxy says for itself is not the client's: that it wants credentials, or nonsense. */
function isForClient({ status }: AttemptFailure): boolean {
  return status !== undefined && status !== 407;
}
