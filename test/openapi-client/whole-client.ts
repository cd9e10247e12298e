// A user's program over the client that swagger-typescript-api has made: it prints what it was answered.
import { Api, type HttpResponse, type Error as ApiError } from './dist/whole/api.js';

declare const process: { readonly argv: readonly string[] };
declare const console: { log(line: string): void };

const [, , baseUrl = '', token = ''] = process.argv;
const securityWorker = (): { headers: Record<string, string> } => ({ headers: { 'X-API-Key': token } });
const { api } = new Api({ baseUrl, securityWorker });
const stranger = new Api({ baseUrl }).api;

/** A client of this kind throws its answers that are no successes. */
async function failure(answer: Promise<unknown>): Promise<object> {
  const response = await answer.then(
    () => undefined,
    (error: unknown) => error as HttpResponse<unknown, ApiError>,
  );
  return { status: response?.status, ...response?.error };
}

const proxyId = 'two.example:8080';
const added = await api.addProxy({ url: 'http://user:secret@two.example:8080', region: 'EU', max_concurrent: 5 });
const listed = await api.listProxies();
const changed = await api.updateProxy(proxyId, { paused: true, max_concurrent: null });
const policy = await api.updateRetryPolicy({ max_attempts: 5, backoff_strategy: 'linear', timeout: null });
const breaker = await api.resetCircuitBreaker(proxyId);
const config = await api.updateConfig({ strategy: 'round-robin', circuit_breaker: { failure_threshold: 7 } });
const series = await api.getRetryTimeseries({ hours: 1 });
const removed = await api.removeProxy(proxyId);

console.log(
  JSON.stringify({
    added: { status: added.status, id: added.data.id, limit: added.data.max_concurrent },
    listed: listed.data.proxies.map(({ id }) => id),
    changed: { condition: changed.data.condition, limit: changed.data.max_concurrent },
    policy: { attempts: policy.data.max_attempts, strategy: policy.data.backoff_strategy },
    breaker: breaker.data.state,
    config: { strategy: config.data.strategy, failures: config.data.circuit_breaker.failure_threshold },
    points: series.data.data_points.length,
    removed: removed.status,
    unknown: await failure(api.getProxy(proxyId)),
    invalid: await failure(api.updateRetryPolicy({ max_attempts: 11 })),
    unauthorized: await failure(stranger.updateRetryPolicy({})),
  }),
);
