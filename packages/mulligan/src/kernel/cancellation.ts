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
  #listeners: Set<AbortListener> | undefined;
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
    const listeners = this.#listeners;
    this.#listeners = undefined;
    this.#controller?.abort(reason);
    if (listeners !== undefined) for (const listener of listeners) listener(reason);
  }

  /** Calls the listener when this cancellation is aborted, at once if it already is. Returns how to stop listening. */
  onAbort(listener: AbortListener): () => void {
    if (this.aborted) {
      listener(this.reason);
      return nothing;
    }
    this.#listeners ??= new Set();
    this.#listeners.add(listener);
    this.#link();
    return () => {
      if (this.#listeners?.delete(listener) && this.#listeners.size === 0 && this.#controller === undefined) {
        this.#unlink?.();
      }
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

/**
 * One listener per signal, and a set of our own behind it: adding the hundred-thousandth waiter to a caller's signal
 * must not cost more than adding the first, and removing one must not search a list.
 */
const waiters = new WeakMap<AbortSignal, Set<() => void>>();

function listenTo(signal: AbortSignal, listener: () => void): () => void {
  const set = waiters.get(signal) ?? new Set();
  if (set.size === 0) {
    waiters.set(signal, set);
    signal.addEventListener('abort', wake, { once: true });
  }
  set.add(listener);
  return () => {
    if (set.delete(listener) && set.size === 0) signal.removeEventListener('abort', wake);
  };
}

function wake(this: AbortSignal): void {
  const set = waiters.get(this);
  waiters.delete(this);
  if (set === undefined) return;
  for (const listener of set) listener();
  set.clear();
}
