import { redact } from '../../address/index.ts';
import type { ProxyPool } from '../../pool/index.ts';
import type { WindowReading, WindowSecond } from '../live/live-window.ts';
import type { Status } from '../schema/status.ts';
import type { ApiServices } from '../services.ts';
import { version } from '../version.ts';
import { round, toMoment, toSeconds } from './number.ts';

/** What runs here and how it does. */
export function statusJson(services: Omit<ApiServices, 'broadcaster'>): Status {
  const { rotator, recorder, world, addresses, demo, writesNeedToken } = services;
  const { perSecond, successRate, latencyMs, seconds } = recorder.window.read();
  return {
    version,
    started_at: toMoment(recorder.startedAt),
    uptime: toSeconds(world.now() - recorder.startedMs),
    addresses: { ...addresses() },
    demo: demo === undefined ? null : { ...demo },
    writes_need_token: writesNeedToken,
    direct: rotator.isDirect,
    proxies: countProxies(rotator.pool),
    window: recorder.window.seconds,
    requests_per_second: round(perSecond),
    success_rate: successRate ?? null,
    latency: latencyJson(latencyMs),
    retry_budget: scarcestBudget(services),
    success_by_attempt: { ...rotator.getRetryMetrics().getSummary().successByAttempt },
    total_requests: recorder.totals.requests,
    total_failures: recorder.totals.failures,
    total_retries: recorder.totals.retries,
    recent: seconds.map(secondJson),
  };
}

/** How many proxies there are, by what they can do now. */
export function countProxies(pool: ProxyPool): Status['proxies'] {
  const counts = { total: pool.size, available: 0, open: 0, half_open: 0, paused: 0 };
  for (const proxy of pool) {
    const { state } = proxy.breaker;
    if (proxy.paused) counts.paused++;
    if (proxy.availability().reason === undefined) counts.available++;
    if (state === 'half_open') counts.half_open++;
    else if (state !== 'closed') counts.open++;
  }
  return counts;
}

/** Every target has a budget of its own: the one that is nearest to its end is the one to know of. */
function scarcestBudget({ rotator, recorder }: Pick<ApiServices, 'rotator' | 'recorder'>): Status['retry_budget'] {
  let scarcest: Status['retry_budget'] = null;
  for (const target of recorder.targets) {
    const left = rotator.retriesLeft(target);
    if (left === undefined || left === Number.POSITIVE_INFINITY) continue;
    if (scarcest === null || left < scarcest.left) scarcest = { target: redact(target), left };
  }
  return scarcest;
}

function latencyJson(latencyMs: WindowReading['latencyMs']): Status['latency'] {
  if (latencyMs === undefined) return null;
  return { p50: toSeconds(latencyMs.p50), p95: toSeconds(latencyMs.p95), p99: toSeconds(latencyMs.p99) };
}

function secondJson({ atMs, requests, failures, retries, medianMs }: WindowSecond): Status['recent'][number] {
  const latency = medianMs === undefined ? null : toSeconds(medianMs);
  return { timestamp: toMoment(atMs), requests, failures, retries, latency };
}
