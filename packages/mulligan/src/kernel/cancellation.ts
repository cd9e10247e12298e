import { Chain } from './chain.ts';

/** What {@link Cancellation.onAbort} calls, once, with the reason. */
export type AbortListener = (reason: unknown) => void;

/**
 * Cancellation without the price of an `AbortController`: the `AbortSignal` is made only when somebody looks at
 * {@link Cancellation.signal}, and a parent is listened to only while somebody below it listens.
 */
export class Cancellation {
  readonly #parent: Cancellation | AbortSignal | undefined;
  #isAborted = false;
  #reason: unknown;
  #listeners: Chain<AbortListener> | undefined;
  #controller: AbortController | undefined;
  #unlink: (() => void) | undefined;
  #isClosed = false;

  constructor(parent?: Cancellation | AbortSignal) {
    this.#parent = parent;
  }

  get aborted(): boolean {
    return this.#isAborted || (!this.#isClosed && this.#parent !== undefined && this.#parent.aborted);
  }

  get reason(): unknown {
    return this.#isAborted ? this.#reason : this.#parent?.reason;
  }

  /** An `AbortSignal` that follows this cancellation until {@link Cancellation.close}. */
  get signal(): AbortSignal {
    if (this.#controller === undefined) {
      this.#controller = new AbortController();
      if (this.aborted) this.#controller.abort(this.reason);
      else this.#link();
    }
    return this.#controller.signal;
  }

  /** Aborts this cancellation and everything below it. Only the first reason counts. */
  abort(reason: unknown): void {
    if (this.#isAborted || this.#isClosed) return;
    this.#isAborted = true;
    this.#reason = reason;
    this.#unlink?.();
    this.#controller?.abort(reason);
    callAll(this.#listeners, reason);
  }

  /** Calls the listener when this cancellation is aborted, at once if it already is. Returns how to stop listening. */
  onAbort(listener: AbortListener): () => void {
    if (this.aborted) {
      listener(this.reason);
      return nothing;
    }
    const listeners = (this.#listeners ??= new Chain());
    const link = listeners.add(listener);
    this.#link();
    return () => {
      const wasLast = listeners.remove(link) && listeners.first === undefined;
      if (wasLast && this.#controller === undefined) this.#unlink?.();
    };
  }

  /** Lets go of the parent: what ran under this cancellation has ended, and nothing may be left behind. */
  close(): void {
    if (!this.#isAborted && this.aborted) this.abort(this.reason);
    this.#isClosed = true;
    this.#listeners = undefined;
    this.#unlink?.();
  }

  #link(): void {
    if (this.#unlink !== undefined || this.#parent === undefined || this.#isClosed) return;
    const parent = this.#parent;
    const follow = (): void => this.abort(parent.reason);
    const leave = parent instanceof Cancellation ? parent.onAbort(follow) : listenTo(parent, follow);
    this.#unlink = () => {
      this.#unlink = undefined;
      leave();
    };
  }
}

function nothing(): void {}

function callAll(listeners: Chain<AbortListener> | undefined, reason: unknown): void {
  for (let listener = listeners?.shift(); listener !== undefined; listener = listeners?.shift()) listener(reason);
}

/**
 * One listener per signal, and a list of our own behind it: adding the hundred-thousandth waiter to a caller's signal
 * must not cost more than adding the first, and removing one must not search a list.
 */
const waiting = new WeakMap<AbortSignal, Chain<AbortListener>>();

function listenTo(signal: AbortSignal, listener: AbortListener): () => void {
  const waiters = waiting.get(signal) ?? new Chain<AbortListener>();
  if (waiters.first === undefined) {
    waiting.set(signal, waiters);
    signal.addEventListener('abort', wake, { once: true });
  }
  const link = waiters.add(listener);
  return () => {
    if (waiters.remove(link) && waiters.first === undefined) signal.removeEventListener('abort', wake);
  };
}

function wake(this: AbortSignal): void {
  callAll(waiting.get(this), this.reason);
}
