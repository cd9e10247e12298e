import type { MulliganEvent } from './event.ts';

/** Reads events. What it throws is reported once on the console and never reaches a call. */
export type EventListener<E = MulliganEvent> = (event: E) => void;

/** Takes a listener away again: call it, or let `using` do so. */
export interface Subscription {
  (): void;
  [Symbol.dispose](): void;
}

/** A set of listeners. Ask {@link Emitter.isHeard} before building an event: nothing is built when nobody listens. */
export class Emitter<E> {
  readonly #listeners = new Set<EventListener<E>>();
  readonly #blamed = new WeakSet<EventListener<E>>();

  get isHeard(): boolean {
    return this.#listeners.size > 0;
  }

  on(listener: EventListener<E>): Subscription {
    // Wrapped, so that one function given twice is two subscriptions.
    const own: EventListener<E> = (event) => listener(event);
    this.#listeners.add(own);
    const leave = (): void => void this.#listeners.delete(own);
    return Object.assign(leave, { [Symbol.dispose]: leave });
  }

  emit(event: E): void {
    if (this.#listeners.size === 0) return;
    for (const listener of this.#listeners) {
      try {
        listener(event);
      } catch (error) {
        if (this.#blamed.has(listener)) continue;
        this.#blamed.add(listener);
        console.warn('mulligan: an event listener threw; its further errors are not shown', error);
      }
    }
  }
}

/** The stream that every policy in this process reports to. */
const processEvents: Emitter<MulliganEvent> = new Emitter();

/** Listens to everything that happens in this process. */
export function onEvent(listener: EventListener): Subscription {
  return processEvents.on(listener);
}

/** Where one policy reports: to its own listener, where it has one, and to the process's stream. */
export class Reporter {
  readonly #own: Emitter<MulliganEvent> | undefined;

  constructor(listener?: EventListener) {
    if (listener === undefined) return;
    this.#own = new Emitter();
    this.#own.on(listener);
  }

  get isHeard(): boolean {
    return this.#own !== undefined || processEvents.isHeard;
  }

  report(event: MulliganEvent): void {
    const frozen = Object.freeze(event);
    this.#own?.emit(frozen);
    processEvents.emit(frozen);
  }
}
