import { Counter, Gauge, Histogram, type Metric, type Registry, register as defaultRegistry } from 'prom-client';
import { type EventListener, type MulliganEvent, onEvent, type Subscription } from '../kernel/index.ts';
import { errorType } from './error-type.ts';

/** Options of {@link prometheusListener}. */
export interface PrometheusOptions {
  /** Where the metrics are registered. Default: prom-client's own registry. */
  readonly register?: Registry;
  /** What their names begin with. Default `'mulligan_'`. */
  readonly prefix?: string;
}

/** Retries beyond this one share a label: a call without a limit must not make series without a limit. */
const lastCountedRetry = 10;
const secondsBuckets = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];
const breakerStates = ['closed', 'open', 'half_open', 'isolated'] as const;

function retryLabel(retry: number): string {
  return retry < lastCountedRetry ? String(retry) : `${lastCountedRetry}+`;
}

/**
 * A listener that keeps Prometheus metrics, over `prom-client`:
 *
 * | metric | labels |
 * |---|---|
 * | `mulligan_retries_total` | `callable`, `retry_num` (up to `10+`), `error_type` |
 * | `mulligan_calls_total` | `callable`, `result` (`success` or the reason to give up) |
 * | `mulligan_call_duration_seconds` | `callable` |
 * | `mulligan_call_retries` | `callable` |
 * | `mulligan_retry_delay_seconds` | `callable`, `source` |
 * | `mulligan_circuit_breaker_state` | `name`, `state` (1 for the state it is in, else 0) |
 * | `mulligan_circuit_breaker_transitions_total` | `name`, `from`, `to` |
 * | `mulligan_circuit_breaker_rejections_total` | `name` |
 * | `mulligan_timeout_expirations_total` | `name` |
 * | `mulligan_events_total` | `name`, `type`: hedges, limits, fallbacks, holds, nested retries |
 *
 * Metrics that are registered already are used as they are, so two listeners on one registry do no harm.
 */
export function prometheusListener(options: PrometheusOptions = {}): EventListener {
  const metrics = new Metrics(options.register ?? defaultRegistry, options.prefix ?? 'mulligan_');
  return (event) => metrics.count(event);
}

/** Counts everything that happens in this process, until the subscription ends. */
export function countEvents(options?: PrometheusOptions): Subscription {
  return onEvent(prometheusListener(options));
}

class Metrics {
  readonly #register: Registry;
  readonly #prefix: string;
  readonly #retries: Counter;
  readonly #calls: Counter;
  readonly #durations: Histogram;
  readonly #retriesPerCall: Histogram;
  readonly #delays: Histogram;
  readonly #states: Gauge;
  readonly #transitions: Counter;
  readonly #rejections: Counter;
  readonly #timeouts: Counter;
  readonly #others: Counter;

  constructor(register: Registry, prefix: string) {
    this.#register = register;
    this.#prefix = prefix;
    this.#retries = this.#counter('retries_total', 'Retries that were scheduled', [
      'callable',
      'retry_num',
      'error_type',
    ]);
    this.#calls = this.#counter('calls_total', 'Calls that have ended', ['callable', 'result']);
    this.#durations = this.#histogram(
      'call_duration_seconds',
      'Time of a call, waits included',
      ['callable'],
      secondsBuckets,
    );
    this.#retriesPerCall = this.#histogram('call_retries', 'Retries of a call', ['callable'], [0, 1, 2, 3, 5, 10]);
    this.#delays = this.#histogram(
      'retry_delay_seconds',
      'Waits before retries',
      ['callable', 'source'],
      secondsBuckets,
    );
    this.#states = this.#gauge('circuit_breaker_state', '1 for the state that the circuit breaker is in', [
      'name',
      'state',
    ]);
    this.#transitions = this.#counter('circuit_breaker_transitions_total', 'Changes of state', ['name', 'from', 'to']);
    this.#rejections = this.#counter('circuit_breaker_rejections_total', 'Calls refused by a circuit breaker', [
      'name',
    ]);
    this.#timeouts = this.#counter('timeout_expirations_total', 'Calls ended by a timeout policy', ['name']);
    this.#others = this.#counter('events_total', 'Everything else that happened', ['name', 'type']);
  }

  count(event: MulliganEvent): void {
    switch (event.type) {
      case 'retry.scheduled': {
        const { name: callable, attempt, cause, waitMs, waitSource: source } = event;
        this.#retries.inc({ callable, retry_num: retryLabel(attempt), error_type: errorType(cause) });
        this.#delays.observe({ callable, source }, waitMs / 1000);
        break;
      }
      case 'call.succeeded':
        this.#endCall(event.name, 'success', event);
        break;
      case 'call.failed':
        this.#endCall(event.name, event.reason, event);
        break;
      case 'breaker.transition':
        this.#transitions.inc({ name: event.name, from: event.from, to: event.to });
        for (const state of breakerStates) this.#states.set({ name: event.name, state }, state === event.to ? 1 : 0);
        break;
      case 'breaker.rejected':
        this.#rejections.inc({ name: event.name });
        break;
      case 'timeout.expired':
        this.#timeouts.inc({ name: event.name });
        break;
      default:
        this.#others.inc({ name: event.name, type: event.type });
    }
  }

  #endCall(callable: string, result: string, { attempts, durationMs }: { attempts: number; durationMs: number }): void {
    this.#calls.inc({ callable, result });
    this.#durations.observe({ callable }, durationMs / 1000);
    this.#retriesPerCall.observe({ callable }, attempts - 1);
  }

  #counter(name: string, help: string, labelNames: string[]): Counter {
    return (this.#existing(name) as Counter | undefined) ?? new Counter({ ...this.#naming(name), help, labelNames });
  }

  #gauge(name: string, help: string, labelNames: string[]): Gauge {
    return (this.#existing(name) as Gauge | undefined) ?? new Gauge({ ...this.#naming(name), help, labelNames });
  }

  #histogram(name: string, help: string, labelNames: string[], buckets: number[]): Histogram {
    const existing = this.#existing(name) as Histogram | undefined;
    return existing ?? new Histogram({ ...this.#naming(name), help, labelNames, buckets });
  }

  #naming(name: string): { name: string; registers: Registry[] } {
    return { name: this.#prefix + name, registers: [this.#register] };
  }

  #existing(name: string): Metric | undefined {
    return this.#register.getSingleMetric(this.#prefix + name);
  }
}
