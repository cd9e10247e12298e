import { Chain, type Link } from './chain.ts';

/** What {@link Cancellation.onAbort} calls, once, with the reason. */
export type AbortListener = (reason: unknown) => void;

/** Who is told of an abort: a listener, or a cancellation further down. */
type Follower = AbortListener | Cancellation;

/** A listener's place in a cancellation, see {@link Cancellation.listen}. */
export type AbortLink = Link<Follower>;

/**
 * Cancellation without the price of an `AbortController`: the `AbortSignal` is made only when somebody looks at
 * {@link Cancellation.signal}, and a parent is listened to only while somebody below it listens.
 */
export class Cancellation {
  readonly #parent: Cancellation | AbortSignal | undefined;
  #isAborted = false;
  #reason: unknown;
  #followers: Chain<Follower> | undefined;
  /** This cancellation's own place in its parent. */
  #place: AbortLink | undefined;
  #controller: AbortController | undefined;
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
      else this.#follow();
    }
    return this.#controller.signal;
  }

  /** Aborts this cancellation and everything below it. Only the first reason counts. */
  abort(reason: unknown): void {
    if (this.#isAborted || this.#isClosed) return;
    this.#isAborted = true;
    this.#reason = reason;
    this.#unfollow();
    this.#controller?.abort(reason);
    tellAll(this.#followers, reason);
  }

  /** Calls the listener when this cancellation is aborted, at once if it already is. Returns how to stop listening. */
  onAbort(listener: AbortListener): () => void {
    const link = this.listen(listener);
    return () => this.unlisten(link);
  }

  /** As {@link Cancellation.onAbort}, for those who would not have a function made for each listener. */
  listen(listener: AbortListener): AbortLink | undefined {
    if (!this.aborted) return this.#add(listener);
    listener(this.reason);
    return undefined;
  }

  /** Takes back what {@link Cancellation.listen} did. */
  unlisten(link: AbortLink | undefined): void {
    if (link === undefined || this.#followers?.remove(link) !== true) return;
    if (this.#followers.first === undefined && this.#controller === undefined) this.#unfollow();
  }

  /** Lets go of the parent: what ran under this cancellation has ended, and nothing may be left behind. */
  close(): void {
    if (!this.#isAborted && this.aborted) this.abort(this.reason);
    this.#isClosed = true;
    this.#followers = undefined;
    this.#unfollow();
  }

  #add(follower: Follower): AbortLink {
    this.#followers ??= new Chain();
    this.#follow();
    return this.#followers.add(follower);
  }

  #follow(): void {
    const parent = this.#parent;
    if (this.#place !== undefined || parent === undefined || this.#isClosed) return;
    this.#place = parent instanceof Cancellation ? parent.#add(this) : addTo(parent, this);
  }

  #unfollow(): void {
    const place = this.#place;
    this.#place = undefined;
    if (this.#parent instanceof Cancellation) this.#parent.unlisten(place);
    else if (this.#parent !== undefined && place !== undefined) removeFrom(this.#parent, place);
  }
}

function tellAll(followers: Chain<Follower> | undefined, reason: unknown): void {
  for (let follower = followers?.shift(); follower !== undefined; follower = followers?.shift()) {
    if (follower instanceof Cancellation) follower.abort(reason);
    else follower(reason);
  }
}

/**
 * One listener per signal, and a list of our own behind it: adding the hundred-thousandth waiter to a caller's signal
 * must not cost more than adding the first, and removing one must not search a list.
 */
const waiting = new WeakMap<AbortSignal, Chain<Follower>>();

function addTo(signal: AbortSignal, follower: Cancellation): AbortLink {
  const waiters = waiting.get(signal) ?? new Chain<Follower>();
  if (waiters.first === undefined) {
    waiting.set(signal, waiters);
    signal.addEventListener('abort', wake, { once: true });
  }
  return waiters.add(follower);
}

function removeFrom(signal: AbortSignal, place: AbortLink): void {
  const waiters = waiting.get(signal);
  if (waiters?.remove(place) === true && waiters.first === undefined) signal.removeEventListener('abort', wake);
}

function wake(this: AbortSignal): void {
  tellAll(waiting.get(this), this.reason);
}
