import type { WaitSource } from 'mulligan';
import type { ProxyEvent } from '../../rotator/index.ts';

/** Where the wait before an attempt came from, by the number of the attempt. */
export type WaitSources = ReadonlyMap<number, WaitSource>;

const none: WaitSources = new Map();

/** Keeps where the waits of the requests that run now came from: the record of a request does not say it. */
export class RunningWaits {
  readonly #byRequest = new Map<string, Map<number, WaitSource>>();

  hear(event: ProxyEvent): void {
    if (event.type !== 'retry.scheduled') return;
    const sources = this.#byRequest.get(event.requestId) ?? new Map<number, WaitSource>();
    sources.set(event.attempt + 1, event.waitSource);
    this.#byRequest.set(event.requestId, sources);
  }

  /** What is known of a request that has ended; it is forgotten here. */
  take(requestId: string): WaitSources {
    const sources = this.#byRequest.get(requestId) ?? none;
    this.#byRequest.delete(requestId);
    return sources;
  }
}
