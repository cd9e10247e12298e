import { checkDuration, formatMs, systemWorld, type Timer, type World } from 'mulligan';
import { fetch, type RequestInit, type Response } from 'undici';
import { AttemptFailure } from '../failure/index.ts';
import { RetryPolicy } from '../policy/index.ts';
import type { Proxy } from '../pool/index.ts';
import type { Failover } from './failover.ts';
import { failureOfError, failureOfResponse, type FetchSituation, unauthorized } from './fetch-failure.ts';
import { type FetchRequest, type ProxyRequestInit, type ProxyRequestInput, readRequest } from './fetch-request.ts';
import type { RotatorOptions } from './options.ts';
import type { FailoverAttempt } from './request.ts';
import { Transfer } from './transfer.ts';
import { isForwarding, Upstream, type UpstreamOptions } from './upstream.ts';

/** `fetch` over several proxies. */
export class ProxyFetch {
  readonly #failover: Failover;
  readonly #options: UpstreamOptions;
  readonly #attemptTimeoutMs: number;
  readonly #world: World;
  readonly #upstreams = new Map<Proxy | undefined, Upstream>();
  readonly #idPrefix: string;
  #count = 0;

  constructor(failover: Failover, { attemptTimeout = '30s', dial = {}, world = systemWorld }: RotatorOptions) {
    const { targetTls, ...rest } = dial;
    this.#failover = failover;
    this.#options = { dial: { ...rest, world }, targetTls };
    this.#attemptTimeoutMs = checkDuration('attemptTimeout', attemptTimeout, 1);
    this.#world = world;
    this.#idPrefix = world.wallNow().toString(36);
  }

  async fetch(input: ProxyRequestInput, init?: ProxyRequestInit): Promise<Response> {
    const request = readRequest(input, init);
    const { region, regionOnly, tags, session, signal } = request.init;
    const failoverRequest = {
      id: `${this.#idPrefix}-${++this.#count}`,
      method: request.method,
      target: request.target,
      region,
      regionOnly,
      tags,
      session,
      signal: signal ?? undefined,
      retryPolicy: this.#policyFor(request.init),
      isReplayable: () => request.spooled?.isReplayable ?? true,
    };
    return this.#failover.run(failoverRequest, (attempt) => this.#attempt(request, attempt));
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
    const situation = this.#situation(request, attempt);
    const abort = new AbortController();
    const leaveAttempt = follow(attempt.context.signal, abort);
    const leaveCaller = follow(request.init.signal, abort);
    const release = attempt.hold();
    const transfer = new Transfer(this.#upstreamFor(attempt.proxy), () => {
      leaveCaller();
      release();
    });
    const timer = this.#limit(request, abort);
    try {
      const response = await send(request, { signal: abort.signal, dispatcher: transfer });
      return await judge(response, attempt, situation);
    } catch (error) {
      // undici makes of a 407 an error that says nothing of it.
      const isUnauthorized = transfer.status === 407 && situation.way === 'forward';
      throw isUnauthorized ? unauthorized(situation) : failureOfError(error, situation);
    } finally {
      timer.cancel();
      leaveAttempt();
      transfer.settle();
    }
  }

  #situation({ method, url }: FetchRequest, { policy, proxy }: FailoverAttempt): FetchSituation {
    const way = proxy === undefined ? 'direct' : isForwarding(proxy.address, url.protocol) ? 'forward' : 'tunnel';
    return { mayFailOver: policy.mayRepeat(method), way, nowMs: this.#world.wallNow() };
  }

  #limit({ init }: FetchRequest, abort: AbortController): Timer {
    const { attemptTimeout } = init;
    const ms = attemptTimeout === undefined ? this.#attemptTimeoutMs : checkDuration('attemptTimeout', attemptTimeout, 1);
    return this.#world.setTimer(() => {
      const details = { fault: 'proxy', isAmbiguous: true, mayFailOver: true, phase: 'head' } as const;
      abort.abort(new AttemptFailure(`no response within ${formatMs(ms)}`, details));
    }, ms);
  }

  #upstreamFor(proxy: Proxy | undefined): Upstream {
    const known = this.#upstreams.get(proxy);
    if (known !== undefined && known.address === proxy?.address) return known;
    // Its address has been changed: what still runs over the old connections runs to its end.
    void known?.close();
    const upstream = new Upstream(proxy?.address, this.#options);
    this.#upstreams.set(proxy, upstream);
    return upstream;
  }
}

function send({ url, init, spooled }: FetchRequest, own: RequestInit): Promise<Response> {
  const streamed = spooled === undefined ? {} : ({ body: spooled.open(), duplex: 'half' } as const);
  return fetch(url, { ...(init as RequestInit), ...streamed, ...own });
}

/** Hands a response on, or throws what it says against the attempt. */
async function judge(response: Response, attempt: FailoverAttempt, situation: FetchSituation): Promise<Response> {
  const { status } = response;
  const failure = failureOfResponse(response, attempt.policy.retriesStatus(status), situation);
  if (failure === undefined) {
    attempt.answered({ status });
    return response;
  }
  // Where there is but one attempt, the caller gets the answer that it brought. Source: ProxyWhirl.
  const isOnly = attempt.policy.maxAttempts === 1 || !situation.mayFailOver;
  if (isOnly) {
    attempt.answered({ status, failure });
    return response;
  }
  await response.body?.cancel();
  throw failure;
}

/** Aborts the controller with the signal. Returns how to stop that. */
function follow(signal: AbortSignal | null | undefined, controller: AbortController): () => void {
  if (signal === null || signal === undefined) return () => {};
  const abort = (): void => controller.abort(signal.reason);
  if (signal.aborted) abort();
  signal.addEventListener('abort', abort, { once: true });
  return () => signal.removeEventListener('abort', abort);
}
