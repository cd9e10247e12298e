import { randomUUID } from 'node:crypto';
import { Cancellation, type World } from 'mulligan';
import { formatPlace, type Place } from '../dial/index.ts';
import { AttemptFailure } from '../failure/index.ts';
import type { FailoverAttempt, FailoverWork } from '../rotator/index.ts';
import type { Client } from './credentials.ts';
import type { GatewayEvent, InboundKind } from './event.ts';
import { errorTypeOf, type ProxyError } from './proxy-status.ts';
import type { GatewayServices } from './services.ts';

/** An attempt that failed, as the client may know of it. */
export interface AttemptNote {
  /** `undefined` without a proxy. */
  readonly proxyId: string | undefined;
  readonly error: ProxyError;
  readonly message: string;
  readonly status: number | undefined;
  readonly durationMs: number;
}

/** What a client asked for. */
export interface ExchangeRequest {
  readonly inbound: InboundKind;
  readonly method: string;
  readonly place: Place;
  readonly client: Client;
}

/** One request of a client, from the asking to the last byte. */
export class Exchange {
  readonly id: string = randomUUID();
  readonly request: ExchangeRequest;
  readonly target: string;
  /** The attempts that failed, oldest first. */
  readonly notes: AttemptNote[] = [];
  /** What the client was answered. */
  status: number | undefined;
  bytesUp = 0;
  bytesDown = 0;
  readonly #world: World;
  readonly #startedMs: number;
  readonly #cancellation = new Cancellation();
  #attempts = 0;

  constructor(request: ExchangeRequest, world: World) {
    this.request = request;
    this.target = formatPlace(request.place);
    this.#world = world;
    this.#startedMs = world.now();
  }

  /** The client has gone: whatever is being done for it ends. */
  abandon(): void {
    this.#cancellation.abort(
      new AttemptFailure('the client has gone', { fault: 'client', mayFailOver: false, phase: 'body' }),
    );
  }

  /** Nothing can be said to the client any more: it has been answered, or it has gone. */
  get isBeyondAnswer(): boolean {
    return this.status !== undefined || this.isAbandoned;
  }

  get isAbandoned(): boolean {
    return this.#cancellation.aborted;
  }

  /** Does the work when the limits of the client's user allow it: waits for its turn, so long as there is room to wait. */
  underLimits<T>(work: () => Promise<T>): Promise<T> {
    const { limits } = this.request.client;
    return limits === undefined ? work() : limits.execute(work, { signal: this.#cancellation.signal });
  }

  /** Does the work through one proxy after another, until it succeeds or nothing more may be tried. */
  failover<T>({ rotator, plan }: GatewayServices, isReplayable: () => boolean, work: FailoverWork<T>): Promise<T> {
    const { method, client } = this.request;
    const request = {
      id: this.id,
      method,
      target: this.target,
      session: client.session,
      region: client.region,
      regionOnly: client.regionOnly,
      tags: client.tags,
      signal: this.#cancellation,
      isReplayable,
      waitBetweenProxies: plan.waitBetweenProxies,
    };
    return rotator.failover(request, (attempt) => this.#tryOnce(attempt, work));
  }

  async #tryOnce<T>(attempt: FailoverAttempt, work: FailoverWork<T>): Promise<T> {
    const startedMs = this.#world.now();
    this.#attempts++;
    try {
      return await work(attempt);
    } catch (error) {
      if (error instanceof AttemptFailure) this.#note(error, attempt.proxy?.id, startedMs);
      throw error;
    }
  }

  #note(failure: AttemptFailure, proxyId: string | undefined, startedMs: number): void {
    const { message, status } = failure;
    const durationMs = this.#world.now() - startedMs;
    this.notes.push({ proxyId, error: errorTypeOf(failure), message, status, durationMs });
  }

  began(): GatewayEvent {
    return { type: 'gateway.began', ...this.#eventBase() };
  }

  ended(failure: string | undefined): GatewayEvent {
    const { status, bytesUp, bytesDown } = this;
    const durationMs = this.#world.now() - this.#startedMs;
    const attempts = this.#attempts;
    return { type: 'gateway.ended', ...this.#eventBase(), status, attempts, durationMs, bytesUp, bytesDown, failure };
  }

  #eventBase() {
    const { inbound, method, client } = this.request;
    const at = this.#world.wallNow();
    return { at, requestId: this.id, inbound, method, target: this.target, user: client.user };
  }
}
