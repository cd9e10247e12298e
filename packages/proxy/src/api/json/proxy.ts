import type { World } from 'mulligan';
import type { Proxy, ProxySettings } from '../../pool/index.ts';
import { score } from '../../select/index.ts';
import type { Recorder } from '../live/recorder.ts';
import type { ProxyRow, ProxyUpdate } from '../schema/proxy.ts';
import { breakerJson } from './breaker.ts';
import { orNull, round, toMoment, toSeconds } from './number.ts';

/** The share of successes, as a moving average, under which a proxy is degraded. */
const healthyFrom = 0.9;

/** What is remembered of proxies beside their own figures. */
type Recollection = Pick<Recorder, 'lastFailureOf' | 'latencies'>;

/** A proxy as the API shows it: everything but its credentials. */
export function proxyJson(proxy: Proxy, world: World, recorder: Recollection): ProxyRow {
  const { stats, address } = proxy;
  return {
    id: proxy.id,
    url: proxy.url,
    has_credentials: address.hasCredentials,
    condition: conditionOf(proxy),
    paused: proxy.paused,
    region: proxy.region ?? null,
    tags: [...proxy.tags],
    weight: proxy.weight,
    cost: proxy.cost,
    metadata: { ...proxy.metadata },
    max_concurrent: orNull(proxy.maxConcurrent),
    rate_per_second: orNull(proxy.ratePerSecond),
    score: round(score({ requests: stats.requests, successes: stats.successes, latencyMs: stats.recentLatencyMs })),
    total_attempts: stats.requests,
    success_rate: stats.requests === 0 ? null : stats.successRate,
    avg_latency: stats.successes === 0 ? null : toSeconds(stats.averageLatencyMs),
    recent_latencies: recorder.latencies.of(proxy.id),
    in_flight: stats.inFlight,
    last_failure: recorder.lastFailureOf(proxy.id) ?? null,
    circuit_breaker: breakerJson(proxy, world),
    added_at: toMoment(proxy.addedAt),
  };
}

/** How a proxy does, in one word. */
export function conditionOf({ paused, breaker, stats }: Proxy): ProxyRow['condition'] {
  const { state } = breaker;
  if (paused) return 'paused';
  if (state === 'open' || state === 'isolated') return 'down';
  if (state === 'half_open') return 'recovering';
  if (stats.requests === 0) return 'untested';
  return stats.ewmaSuccess < healthyFrom ? 'degraded' : 'healthy';
}

/** The settings that a client sent, as the pool takes them. */
export function proxySettings(json: ProxyUpdate): Partial<Omit<ProxySettings, 'id'>> {
  const { url, region, tags, weight, cost, metadata, paused, max_concurrent: concurrent, rate_per_second: rate } = json;
  return {
    ...(url === undefined ? {} : { url }),
    // An empty region is none.
    ...(region === undefined ? {} : { region: region ?? '' }),
    ...(tags === undefined ? {} : { tags }),
    ...(weight === undefined ? {} : { weight }),
    ...(cost === undefined ? {} : { cost }),
    ...(metadata === undefined ? {} : { metadata }),
    ...(paused === undefined ? {} : { paused }),
    ...(concurrent === undefined ? {} : { maxConcurrent: concurrent ?? Number.POSITIVE_INFINITY }),
    ...(rate === undefined ? {} : { ratePerSecond: rate ?? Number.POSITIVE_INFINITY }),
  };
}
