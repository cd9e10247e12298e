import type { World } from 'mulligan';
import type { ProxyPool } from '../../pool/index.ts';
import { callJson } from '../json/call.ts';
import type { ProxyEvent, RequestEndedEvent } from '../../rotator/index.ts';
import type { Call } from '../schema/call.ts';
import { CallHistory } from './call-history.ts';
import { LiveWindow } from './live-window.ts';

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
  readonly totals: Totals = { requests: 0, failures: 0, retries: 0 };
  /** By the wall clock, and on the clock that never jumps. */
  readonly startedAt: number;
  readonly startedMs: number;
  readonly #pool: ProxyPool;
  readonly #lastFailures = new Map<string, string>();

  constructor(pool: ProxyPool, world: World) {
    this.#pool = pool;
    this.window = new LiveWindow(world);
    this.startedAt = world.wallNow();
    this.startedMs = world.now();
  }

  /** The sentence of the last attempt through this proxy that failed by its fault. */
  lastFailureOf(proxyId: string): string | undefined {
    return this.#lastFailures.get(proxyId);
  }

  /** Returns the request where the event is the end of one. */
  hear(event: ProxyEvent): Call | undefined {
    if (event.type === 'request.ended') return this.#requestEnded(event);
    if (event.type === 'pool.removed') this.#lastFailures.delete(event.proxyId);
    return undefined;
  }

  #requestEnded(event: RequestEndedEvent): Call {
    const call = callJson(event);
    this.calls.add(call);
    for (const { proxy_id: id, failure } of call.attempts) {
      if (id !== null && failure?.fault === 'proxy' && this.#pool.has(id)) this.#lastFailures.set(id, failure.message);
    }
    if (event.outcome !== 'cancelled') this.#count(event);
    return call;
  }

  #count({ outcome, attempts, durationMs }: RequestEndedEvent): void {
    const isFailure = outcome === 'failure';
    const retries = Math.max(0, attempts.length - 1);
    this.window.add({ isFailure, retries, durationMs });
    this.totals.requests++;
    this.totals.retries += retries;
    if (isFailure) this.totals.failures++;
  }
}
