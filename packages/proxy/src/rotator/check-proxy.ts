import { checkDuration, type Duration, formatMs, type World } from 'mulligan';
import { AttemptFailure } from '../failure/index.ts';
import type { Proxy, ProxyPool } from '../pool/index.ts';
import type { ProxyFetch } from './proxy-fetch.ts';
import { type CheckResult, resultFor, summarize } from './summary.ts';

/** Options of a check. */
export interface CheckOptions {
  /**
   * What to fetch through the proxy; any answer below 500 but 407 is a good one. Without it, only a connection to the
   * proxy itself is made.
   */
  readonly url?: string | URL;
  /** @default '10s' */
  readonly timeout?: Duration;
}

/** What checking needs. */
export interface CheckServices {
  readonly pool: ProxyPool;
  readonly fetch: ProxyFetch;
  readonly world: World;
}

/**
 * Checks one proxy now, whatever its breaker says. What is found counts like any other attempt, and a proxy that works
 * although its breaker is open is back in use at once.
 */
export async function checkProxy(services: CheckServices, proxy: Proxy, options: CheckOptions): Promise<CheckResult> {
  const { pool, world } = services;
  const lease = pool.acquire(proxy);
  const startedMs = world.now();
  const found = await look(services, proxy, options);
  const latencyMs = world.now() - startedMs;
  const { failure } = found;
  lease?.settle(failure === undefined ? { kind: 'worked', latencyMs } : resultFor(failure));
  if (failure === undefined && lease === undefined && proxy.breaker.state === 'open') proxy.breaker.reset();
  return {
    proxyId: proxy.id,
    isWorking: failure === undefined,
    at: world.wallNow(),
    latencyMs,
    status: found.status,
    failure: failure === undefined ? undefined : summarize(failure),
  };
}

interface Finding {
  readonly status: number | undefined;
  readonly failure: AttemptFailure | undefined;
}

async function look({ fetch, world }: CheckServices, proxy: Proxy, options: CheckOptions): Promise<Finding> {
  const timeoutMs = checkDuration('timeout', options.timeout ?? '10s', 1);
  const abort = new AbortController();
  const timer = world.setTimer(() => {
    const details = { fault: 'proxy', mayFailOver: true, phase: 'head' } as const;
    abort.abort(new AttemptFailure(`no answer within ${formatMs(timeoutMs)}`, details));
  }, timeoutMs);
  try {
    const status = await fetch.reach(proxy, options.url, abort.signal);
    return { status, failure: undefined };
  } catch (error) {
    if (!(error instanceof AttemptFailure)) throw error;
    return { status: error.status, failure: error };
  } finally {
    timer.cancel();
  }
}
