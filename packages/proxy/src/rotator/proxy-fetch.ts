import { checkDuration, formatMs, systemWorld, type Timer, type World } from 'mulligan';
import { fetch, type RequestInit, type Response } from 'undici';
import { dialProxy } from '../dial/index.ts';
import { AttemptFailure } from '../failure/index.ts';
import { type BanRules, RetryPolicy } from '../policy/index.ts';
import type { Proxy } from '../pool/index.ts';
import { banOf } from './ban.ts';
import type { Failover } from './failover.ts';
import { failureOfError, failureOfResponse, type FetchSituation, unauthorized } from './fetch-failure.ts';
import { type FetchRequest, type ProxyRequestInit, type ProxyRequestInput, readRequest } from './fetch-request.ts';
import type { RotatorOptions } from './options.ts';
import type { FailoverAttempt } from './request.ts';
import { Transfer } from './transfer.ts';
import { isForwarding, Upstream, type UpstreamOptions } from './upstream.ts';

/** Connections to more proxies than this are not kept: those of the proxy that was used longest ago are closed. */
const mostUpstreams = 1000;

/** `fetch` over several proxies. */
export class ProxyFetch {
  readonly #failover: Failover;
  readonly #bans: BanRules;
  readonly #options: UpstreamOptions;
  readonly #attemptTimeoutMs: number;
  readonly #world: World;
  readonly #upstreams = new Map<Proxy | undefined, Upstream>();
  readonly #idPrefix: string;
  #count = 0;

  constructor(
    failover: Failover,
    bans: BanRules,
    { attemptTimeout = '30s', dial = {}, world = systemWorld }: RotatorOptions,
  ) {
    const { targetTls, ...rest } = dial;
    this.#failover = failover;
    this.#bans = bans;
    this.#options = { dial: { ...rest, world }, targetTls };
    this.#attemptTimeoutMs = checkDuration('attemptTimeout', attemptTimeout, 1);
    this.#world = world;
    this.#idPrefix = world.wallNow().toString(36);
  }

  async fetch(input: ProxyRequestInput, init?: ProxyRequestInit): Promise<Response> {
    const request = readRequest(input, init);
    const { region, regionOnly, tags, session, explain, signal } = request.init;
    const failoverRequest = {
      id: `${this.#idPrefix}-${++this.#count}`,
      method: request.method,
      target: request.target,
      url: `${request.url.origin}${request.url.pathname}`,
      region,
      regionOnly,
      tags,
      session,
      explain,
      signal: signal ?? undefined,
      retryPolicy: this.#policyFor(request.init),
      isReplayable: () => request.spooled?.isReplayable ?? true,
    };
    return this.#failover.run(failoverRequest, (attempt) => this.#attempt(request, attempt));
  }

  /**
   * Reaches through one proxy, once: to a URL, of which the status comes back, or only to the proxy itself.
   * @throws {AttemptFailure} when that fails, and for a status from which a proxy cannot be told to work
   */
  async reach(proxy: Proxy, url: string | URL | undefined, signal: AbortSignal): Promise<number | undefined> {
    if (url === undefined) {
      (await dialProxy(proxy.address, { ...this.#dialOptions(proxy), signal })).destroy();
      return undefined;
    }
    const request = readRequest(url, { redirect: 'manual' });
    const situation = this.#situation(request, proxy, true);
    const transfer = new Transfer(this.#upstreamFor(proxy), () => {});
    try {
      const response = await send(request, { signal, dispatcher: transfer });
      await response.body?.cancel();
      const failure = failureOfResponse(response, response.status >= 500, situation);
      if (failure !== undefined) throw failure;
      return response.status;
    } catch (error) {
      throw failureOfFetch(error, transfer, situation);
    } finally {
      transfer.settle();
    }
  }

  /** Lets go of the connections to a proxy; what runs over them runs to its end. */
  forget(proxy: Proxy | undefined): void {
    void this.#upstreams.get(proxy)?.close();
    this.#upstreams.delete(proxy);
  }

  async close(): Promise<void> {
    const upstreams = [...this.#upstreams.values()];
    this.#upstreams.clear();
    await Promise.all(upstreams.map((upstream) => upstream.destroy()));
  }

  #policyFor({ retryPolicy, timeout }: ProxyRequestInit): RetryPolicy | null | undefined {
    if (timeout === undefined) return retryPolicy;
    if (retryPolicy === null) return new RetryPolicy({ maxAttempts: 1, timeout });
    return (retryPolicy ?? this.#failover.policy).with({ timeout });
  }

  async #attempt(request: FetchRequest, attempt: FailoverAttempt): Promise<Response> {
    const situation = this.#situation(request, attempt.proxy, attempt.policy.mayRepeat(request.method));
    const abort = new AbortController();
    const leaveAttempt = attempt.onAbort((reason) => abort.abort(reason));
    const leaveCaller = follow(request.init.signal, abort);
    const release = attempt.hold();
    let isHandedOn = false;
    const transfer = new Transfer(this.#upstreamFor(attempt.proxy), (error) => {
      leaveCaller();
      release(isHandedOn ? bodyFailureOf(error, situation) : undefined);
    });
    const timer = this.#limit(request, abort);
    try {
      const response = await send(request, { signal: abort.signal, dispatcher: transfer });
      await this.#judge(response, attempt, situation);
      isHandedOn = true;
      return response;
    } catch (error) {
      throw failureOfFetch(error, transfer, situation);
    } finally {
      timer.cancel();
      leaveAttempt();
      transfer.settle();
    }
  }

  /** Throws what a response says against the attempt, unless it is to be handed on. */
  async #judge(response: Response, attempt: FailoverAttempt, situation: FetchSituation): Promise<void> {
    const { status } = response;
    const failure =
      (await banOf(response, this.#bans, situation)) ??
      failureOfResponse(response, attempt.policy.retriesStatus(status), situation);
    // Where there is but one attempt, the caller gets the answer that it brought. Source: ProxyWhirl.
    const isOnly = attempt.policy.maxAttempts === 1 || !situation.mayFailOver;
    if (failure === undefined || isOnly) {
      attempt.answered(failure === undefined ? { status } : { status, failure });
      return;
    }
    await response.body?.cancel();
    throw failure;
  }

  #situation({ url }: FetchRequest, proxy: Proxy | undefined, mayFailOver: boolean): FetchSituation {
    const way = proxy === undefined ? 'direct' : isForwarding(proxy.address, url.protocol) ? 'forward' : 'tunnel';
    return { mayFailOver, way, nowMs: this.#world.wallNow() };
  }

  #limit({ init }: FetchRequest, abort: AbortController): Timer {
    const { attemptTimeout } = init;
    const ms =
      attemptTimeout === undefined ? this.#attemptTimeoutMs : checkDuration('attemptTimeout', attemptTimeout, 1);
    return this.#world.setTimer(() => {
      const details = { fault: 'proxy', isAmbiguous: true, mayFailOver: true, phase: 'head' } as const;
      abort.abort(new AttemptFailure(`no response within ${formatMs(ms)}`, details));
    }, ms);
  }

  #dialOptions(proxy: Proxy | undefined): UpstreamOptions['dial'] {
    const { dial } = this.#options;
    return proxy?.tls === undefined ? dial : { ...dial, tls: proxy.tls };
  }

  #upstreamFor(proxy: Proxy | undefined): Upstream {
    const known = this.#upstreams.get(proxy);
    if (known !== undefined && known.address === proxy?.address) {
      // A Map keeps the order in which keys were set: the first is the one that was used longest ago.
      this.#upstreams.delete(proxy);
      this.#upstreams.set(proxy, known);
      return known;
    }
    // Its settings have been changed.
    this.forget(proxy);
    const upstream = new Upstream(proxy?.address, { ...this.#options, dial: this.#dialOptions(proxy) });
    this.#upstreams.set(proxy, upstream);
    if (this.#upstreams.size > mostUpstreams) this.forget(this.#upstreams.keys().next().value);
    return upstream;
  }
}

function send({ url, init, spooled }: FetchRequest, own: RequestInit): Promise<Response> {
  const streamed = spooled === undefined ? {} : ({ body: spooled.open(), duplex: 'half' } as const);
  return fetch(url, { ...(init as RequestInit), ...streamed, ...own });
}

/** What a response that was broken off says; `undefined` where that was the caller's own doing, or did not happen. */
function bodyFailureOf(error: unknown, situation: FetchSituation): AttemptFailure | undefined {
  const failure = error === undefined || error === null ? undefined : failureOfError(error, situation);
  return failure instanceof AttemptFailure ? failure : undefined;
}

/** What is to be thrown for an error of `fetch`. */
function failureOfFetch(error: unknown, transfer: Transfer, situation: FetchSituation): unknown {
  // undici makes of a 407 an error that says nothing of it.
  const isUnauthorized = transfer.status === 407 && situation.way === 'forward';
  return isUnauthorized ? unauthorized(situation) : failureOfError(error, situation);
}

/** Aborts the controller with the signal. Returns how to stop that. */
function follow(signal: AbortSignal | null | undefined, controller: AbortController): () => void {
  if (signal === null || signal === undefined) return () => {};
  const abort = (): void => controller.abort(signal.reason);
  if (signal.aborted) abort();
  signal.addEventListener('abort', abort, { once: true });
  return () => signal.removeEventListener('abort', abort);
}
