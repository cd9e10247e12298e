import type { World } from 'mulligan';
import { redact } from '../../address/index.ts';
import type { ProxyPool } from '../../pool/index.ts';
import { callJson } from '../json/call.ts';
import type { ProxyEvent, RequestEndedEvent } from '../../rotator/index.ts';
import type { Call } from '../schema/call.ts';
import { CallHistory } from './call-history.ts';
import { LatencyTrails } from './latency-trail.ts';
import { LiveWindow } from './live-window.ts';
import { MinuteHistory } from './minute-history.ts';
import { RunningWaits } from './wait-sources.ts';

// So many budgets are looked at each second.
const targetsKept = 100;

/** Sums since the start; cancelled requests are in none of them. */
export interface Totals {
  requests: number;
  failures: number;
  retries: number;
}

/** Remembers of the events what the API is asked for, in bounded memory. */
export class Recorder {
  readonly calls: CallHistory = new CallHistory();
  readonly window: LiveWindow;
  readonly history: MinuteHistory;
  readonly latencies: LatencyTrails = new LatencyTrails();
  readonly totals: Totals = { requests: 0, failures: 0, retries: 0 };
  /** By the wall clock, and on the clock that never jumps. */
  readonly startedAt: number;
  readonly startedMs: number;
  readonly #pool: ProxyPool;
  readonly #waits = new RunningWaits();
  /** The targets of the newest requests, the newest last. */
  readonly #targets = new Set<string>();
  readonly #lastFailures = new Map<string, string>();

  constructor(pool: ProxyPool, world: World) {
    this.#pool = pool;
    this.window = new LiveWindow(world);
    this.history = new MinuteHistory(world);
    this.startedAt = world.wallNow();
    this.startedMs = world.now();
  }

  /** The sentence of the last attempt through this proxy that failed by its fault. */
  lastFailureOf(proxyId: string): string | undefined {
    return this.#lastFailures.get(proxyId);
  }

  /** The targets of the newest requests: those whose budgets say something. */
  get targets(): Iterable<string> {
    return this.#targets;
  }

  /** Returns the request where the event is the end of one. */
  hear(event: ProxyEvent): Call | undefined {
    this.#waits.hear(event);
    switch (event.type) {
      case 'request.ended':
        return this.#requestEnded(event);
      case 'proxy.checked':
        this.#noteLatency(event.proxyId, event.isWorking ? event.latencyMs : undefined);
        break;
      case 'breaker.transition':
        if (event.to === 'open') this.history.addBreakerOpening(event.at);
        break;
      case 'pool.removed':
        this.#lastFailures.delete(event.proxyId);
        this.latencies.forget(event.proxyId);
        break;
      default:
    }
    return undefined;
  }

  #requestEnded(event: RequestEndedEvent): Call {
    const call = callJson(event, this.#waits.take(event.requestId));
    this.calls.add(call);
    this.#noteTarget(event.target);
    for (const { proxyId, outcome, latencyMs, failure } of event.attempts) {
      if (proxyId === undefined || outcome === 'cancelled') continue;
      if (failure === undefined || failure.fault === 'proxy') {
        this.#noteLatency(proxyId, outcome === 'success' ? latencyMs : undefined);
      }
      if (failure?.fault === 'proxy' && this.#pool.has(proxyId)) {
        this.#lastFailures.set(proxyId, redact(failure.message));
      }
    }
    if (event.outcome !== 'cancelled') this.#count(event);
    return call;
  }

  #noteLatency(proxyId: string, latencyMs: number | undefined): void {
    if (this.#pool.has(proxyId)) this.latencies.note(proxyId, latencyMs);
  }

  #noteTarget(target: string): void {
    this.#targets.delete(target);
    this.#targets.add(target);
    if (this.#targets.size > targetsKept) this.#targets.delete(this.#targets.values().next().value ?? '');
  }

  #count({ at, outcome, attempts, durationMs }: RequestEndedEvent): void {
    const isFailure = outcome === 'failure';
    const retries = Math.max(0, attempts.length - 1);
    this.window.add({ isFailure, retries, durationMs });
    this.history.addCall(at, { isFailure, latenciesMs: attempts.map(({ latencyMs }) => latencyMs) });
    this.totals.requests++;
    this.totals.retries += retries;
    if (isFailure) this.totals.failures++;
  }
}
