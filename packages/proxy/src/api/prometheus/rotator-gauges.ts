import type { BreakerState } from 'mulligan';
import { Gauge, type Registry } from 'prom-client';
import type { Proxy } from '../../pool/index.ts';
import type { ProxyRotator } from '../../rotator/index.ts';
import { countProxies } from '../json/status.ts';

/** How many proxies have series of their own: a bound on what a scrape costs. */
const proxiesShown = 1000;

const stateNumbers: Readonly<Record<BreakerState, number>> = { closed: 0, open: 1, half_open: 2, isolated: 3 };

/** Adds what is read from the rotator when a scrape comes; names of the original begin with `proxywhirl`. */
export function addRotatorGauges(registry: Registry, rotator: ProxyRotator): void {
  const { pool } = rotator;
  const summary = () => rotator.getRetryMetrics().getSummary();
  const single = (name: string, help: string, read: () => number): void =>
    addGauge(registry, { name, help }, () => [['', read()]]);
  const perProxy = (name: string, help: string, read: (proxy: Proxy) => number): void =>
    addGauge(registry, { name, help, label: 'proxy_id' }, () =>
      pool
        .list()
        .slice(0, proxiesShown)
        .map((proxy) => [proxy.id, read(proxy)]),
    );

  single('proxywhirl_total_retries', 'Attempts in 24 hours, first ones included', () => summary().totalRetries);
  single('proxywhirl_cb_events', 'Changes of circuit breakers kept', () => summary().circuitBreakerEventsCount);
  single('proxywhirl_proxies_total', 'Proxies in the pool', () => pool.size);
  single('proxywhirl_proxies_healthy', 'Proxies that would get a request now', () => countProxies(pool).available);
  addGauge(
    registry,
    { name: 'proxywhirl_success_by_attempt', help: 'Successes in 24 hours; attempt 0 is the first', label: 'attempt' },
    () => Object.entries(summary().successByAttempt),
  );
  const states = '0 closed, 1 open, 2 half open, 3 held open by hand';
  perProxy('proxywhirl_circuit_breaker_state', states, ({ breaker }) => stateNumbers[breaker.state]);
  perProxy('mulligan_proxy_in_flight', 'Requests and tunnels that use the proxy now', ({ stats }) => stats.inFlight);
  perProxy('mulligan_proxy_attempts', 'Attempts since the proxy was added', ({ stats }) => stats.requests);
  perProxy('mulligan_proxy_success_ratio', 'Share of successes since it was added', (proxy) => proxy.successRate);
}

interface GaugeText {
  readonly name: string;
  readonly help: string;
  /** A gauge without a label has one series. */
  readonly label?: string;
}

function addGauge(
  registry: Registry,
  { name, help, label }: GaugeText,
  read: () => [is: string, value: number][],
): void {
  const gauge = new Gauge({
    name,
    help,
    labelNames: label === undefined ? [] : [label],
    registers: [],
    collect() {
      this.reset();
      for (const [is, value] of read()) this.set(label === undefined ? {} : { [label]: is }, value);
    },
  });
  registry.registerMetric(gauge);
}
