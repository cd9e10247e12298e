// A day of a gateway for the picture of the history: quiet at night, busy in the afternoon, with one outage.

/** @typedef {{ proxy_id: string, from_state: string, to_state: string, timestamp: string, failure_count: number }} BreakerEvent */

const minuteMs = 60_000;
const proxies = ['steady-1', 'steady-2', 'slow', 'flaky', 'overloaded', 'mortal'];

/**
 * A source of chance that is the same each time (mulberry32).
 *
 * @param {number} seed
 */
function chance(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/**
 * What the three routes of the history would answer after such a day, by their paths.
 *
 * @param {Date} now
 * @returns {Record<string, object>}
 */
export function simulatedDay(now) {
  const random = chance(8);
  const end = Math.floor(now.getTime() / minuteMs) * minuteMs;
  const points = [];
  /** @type {BreakerEvent[]} */
  const events = [];
  for (let minute = 24 * 60; minute > 0; minute--) {
    const at = end - minute * minuteMs;
    const clock = new Date(at);
    const hour = clock.getHours() + clock.getMinutes() / 60;
    const sun = 0.5 - Math.cos(((hour - 3) / 24) * 2 * Math.PI) / 2;
    const requests = Math.round((40 + 260 * sun) * (0.85 + 0.3 * random()));
    const isOutage = minute > 372 && minute < 396;
    const trouble = isOutage ? 0.24 + 0.1 * random() : 0.004 * random() * 2;
    const failures = Math.round(requests * trouble);
    const opens = isOutage ? Math.round(3 * random()) : random() < 0.012 ? 1 : 0;
    for (let count = 0; count < opens; count++) {
      const proxy_id = proxies[2 + Math.floor(random() * 4)] ?? '';
      const timestamp = new Date(at + Math.floor(random() * minuteMs)).toISOString();
      events.push({ proxy_id, from_state: 'closed', to_state: 'open', timestamp, failure_count: 5 });
      const later = new Date(Date.parse(timestamp) + 30_000 + Math.floor(random() * 20_000)).toISOString();
      events.push({ proxy_id, from_state: 'half_open', to_state: 'closed', timestamp: later, failure_count: 0 });
    }
    const latency = 0.045 + 0.05 * sun + 0.012 * random() + (isOutage ? 0.2 : 0);
    points.push({
      timestamp: new Date(at).toISOString(),
      duration: 60,
      requests,
      failures,
      success_rate: 1 - failures / requests,
      retries: Math.round(requests * (isOutage ? 0.55 + 0.3 * random() : 0.03 + 0.04 * random())),
      latency,
      latency_p95: latency * (2.4 + 0.7 * random()),
      breaker_opens: opens,
    });
  }
  events.sort((a, b) => a.timestamp.localeCompare(b.timestamp));
  return {
    'metrics/history': { points },
    'metrics/retries/by-proxy': { proxies: Object.fromEntries(proxies.map((id, at) => [id, statsOf(id, at, events)])) },
    'circuit-breakers/metrics': { events },
  };
}

/**
 * @param {string} proxy_id
 * @param {number} at
 * @param {BreakerEvent[]} events
 */
function statsOf(proxy_id, at, events) {
  const total_attempts = [98_412, 97_066, 21_940, 9_873, 4_310, 31_225][at] ?? 0;
  const failure_count = Math.round(total_attempts * ([0.0004, 0.0006, 0.011, 0.46, 0.97, 0.12][at] ?? 0));
  const opens = events.filter((event) => event.proxy_id === proxy_id && event.to_state === 'open').length;
  return {
    proxy_id,
    total_attempts,
    success_count: total_attempts - failure_count,
    failure_count,
    avg_latency: [0.048, 0.051, 0.812, 0.066, 0.031, 0.058][at] ?? 0,
    circuit_breaker_opens: opens,
  };
}
