import type { IncomingMessage, ServerResponse } from 'node:http';
import { AttemptFailure, type Fault } from '../failure/index.ts';
import type { FailoverAttempt, LetGo } from '../rotator/index.ts';
import { banOf } from './ban.ts';
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
    const isBroken = await deliver(await forwarding.responseFor(exchange), reply, exchange, pseudonym);
    if (isBroken) throw forwarding.brokenOff();
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
  #release: LetGo | undefined;
  #blame: Fault = 'target';

  constructor(services: GatewayServices, message: PlainMessage) {
    this.#services = services;
    this.#message = message;
  }

  /** The first response that can be handed on, else the last failing one: it says more than the gateway could. */
  async responseFor(exchange: Exchange): Promise<IncomingMessage> {
    const { body } = this.#message;
    try {
      const isReplayable = (): boolean => body.isReplayable;
      return await exchange.failover(this.#services, isReplayable, (attempt) => this.#attempt(attempt));
    } catch (error) {
      if (this.#response === undefined || exchange.isAbandoned) throw error;
      return this.#response;
    }
  }

  async #attempt(attempt: FailoverAttempt): Promise<IncomingMessage> {
    this.end();
    const response = await sendPlain(this.#services, attempt, this.#message);
    const failure = await this.#failureOf(response, attempt);
    if (failure !== undefined && !isForClient(failure)) {
      response.destroy();
      throw failure;
    }
    // The proxy is in use until the last byte of the response has come.
    this.#release = attempt.hold();
    this.#blame = attempt.proxy === undefined ? 'target' : 'proxy';
    this.#response = response;
    if (failure?.mayFailOver === true && !attempt.isLast) throw failure;
    const status = response.statusCode ?? 0;
    attempt.answered(failure === undefined ? { status } : { status, failure });
    return response;
  }

  async #failureOf(response: IncomingMessage, attempt: FailoverAttempt): Promise<AttemptFailure | undefined> {
    const { plan, rotator } = this.#services;
    const situation = { attempt, message: this.#message, wallNowMs: plan.world.wallNow() };
    return failureOfResponse(response, situation) ?? (await banOf(rotator.bans, response, situation));
  }

  /** The response broke off while it was handed on: that is charged to its proxy, although it had looked well. */
  brokenOff(): AttemptFailure {
    const details = { fault: this.#blame, isAmbiguous: true, mayFailOver: false, phase: 'body' } as const;
    const failure = new AttemptFailure('the response broke off', details);
    this.#release?.(failure);
    return failure;
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
