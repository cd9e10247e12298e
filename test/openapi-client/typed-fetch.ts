// A user's program over openapi-fetch and the types that openapi-typescript has made: it prints what it was answered.
// #region client
import createClient from 'openapi-fetch';
import type { components, paths } from './dist/types/schema.js';
// #endregion

declare const process: { readonly argv: readonly string[] };
declare const console: { log(line: string): void };

const [, , baseUrl = '', token = ''] = process.argv;
// #region client
const client = createClient<paths>({ baseUrl, headers: { 'X-API-Key': token } });
const policy = await client.PUT('/api/v1/retry/policy', {
  body: { max_attempts: 5, backoff_strategy: 'linear', timeout: null },
});
// #endregion
const stranger = createClient<paths>({ baseUrl });

/** What went wrong, where it did. */
function failure({ error, response }: { error?: components['schemas']['Error']; response: Response }): object {
  return { status: response.status, ...error };
}

const params = { path: { proxy_id: 'two.example:8080' } };
const added = await client.POST('/api/v1/proxies', {
  body: { url: 'http://user:secret@two.example:8080', region: 'EU', max_concurrent: 5 },
});
const listed = await client.GET('/api/v1/proxies');
const changed = await client.PATCH('/api/v1/proxies/{proxy_id}', {
  params,
  body: { paused: true, max_concurrent: null },
});
const breaker = await client.POST('/api/v1/circuit-breakers/{proxy_id}/reset', { params });
const config = await client.PATCH('/api/v1/config', {
  body: { strategy: 'round-robin', circuit_breaker: { failure_threshold: 7 } },
});
const series = await client.GET('/api/v1/metrics/retries/timeseries', { params: { query: { hours: 1 } } });
const removed = await client.DELETE('/api/v1/proxies/{proxy_id}', { params });

console.log(
  JSON.stringify({
    added: { status: added.response.status, id: added.data?.id, limit: added.data?.max_concurrent },
    listed: listed.data?.proxies.map(({ id }) => id),
    changed: { condition: changed.data?.condition, limit: changed.data?.max_concurrent },
    policy: { attempts: policy.data?.max_attempts, strategy: policy.data?.backoff_strategy },
    breaker: breaker.data?.state,
    config: { strategy: config.data?.strategy, failures: config.data?.circuit_breaker.failure_threshold },
    points: series.data?.data_points.length,
    removed: removed.response.status,
    unknown: failure(await client.GET('/api/v1/proxies/{proxy_id}', { params })),
    invalid: failure(await client.PUT('/api/v1/retry/policy', { body: { max_attempts: 11 } })),
    unauthorized: failure(await stranger.PUT('/api/v1/retry/policy', { body: {} })),
  }),
);
