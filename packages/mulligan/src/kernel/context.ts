import { type AbortListener, Cancellation } from './cancellation.ts';

/** What an operation learns about the attempt that it is. */
export interface AttemptContext {
  /** The name of the call, for logs and metrics. */
  readonly name: string;
  /** Which attempt this is, from 1. */
  readonly number: number;
  /**
   * When the call must have ended, on the world's monotonic clock (`world.now()`, milliseconds).
   * `Infinity` where nothing limits it.
   */
  readonly deadlineMs: number;
  /** The error of the attempt before, `undefined` on attempt 1. */
  readonly previousError: unknown;
  /** The wait after this attempt should it fail, without jitter: a lower bound, in milliseconds. 0 when inactive. */
  readonly nextWaitMs: number;
  /** Aborted when the caller gives up, the time is over, or another attempt has won. Made when first looked at. */
  readonly signal: AbortSignal;
  /**
   * Calls the listener when the signal aborts, at once if it already has, without the price of a signal. Returns how to
   * stop listening.
   */
  onAbort(listener: (reason: unknown) => void): () => void;
}

/** What changes from a context to one derived from it. */
export interface ContextChanges {
  readonly number?: number;
  readonly deadlineMs?: number | undefined;
  readonly previousError?: unknown;
  readonly nextWaitMs?: number | undefined;
  /** The arguments of a wrapped function. */
  readonly args?: readonly unknown[];
  /** The `this` of a wrapped function. */
  readonly receiver?: unknown;
  /** A cancellation of its own; without it the derived context is cancelled with its parent. */
  readonly cancellation?: Cancellation | undefined;
}

/** The context that policies hand on. Policies derive; operations only read {@link AttemptContext}. */
export class Context implements AttemptContext {
  readonly name: string;
  readonly number: number = 1;
  readonly deadlineMs: number = Number.POSITIVE_INFINITY;
  readonly previousError: unknown = undefined;
  readonly nextWaitMs: number = 0;
  readonly args: readonly unknown[] = noArgs;
  readonly receiver: unknown = undefined;
  #cancellation: Cancellation | undefined = undefined;

  constructor(name: string, changes?: ContextChanges, parent?: Context) {
    this.name = name;
    if (parent !== undefined) {
      this.number = parent.number;
      this.deadlineMs = parent.deadlineMs;
      this.previousError = parent.previousError;
      this.nextWaitMs = parent.nextWaitMs;
      this.args = parent.args;
      this.receiver = parent.receiver;
      this.#cancellation = parent.#cancellation;
    }
    if (changes === undefined) return;
    this.number = changes.number ?? this.number;
    this.deadlineMs = changes.deadlineMs ?? this.deadlineMs;
    if ('previousError' in changes) this.previousError = changes.previousError;
    this.nextWaitMs = changes.nextWaitMs ?? this.nextWaitMs;
    this.args = changes.args ?? this.args;
    this.receiver = changes.receiver ?? this.receiver;
    this.#cancellation = changes.cancellation ?? this.#cancellation;
  }

  /**
   * What a call of a wrapped function begins with. The changes of a constructor come in many shapes, and reading those
   * would cost the hottest path of all a tenth of its time.
   */
  static ofCall(name: string, args: readonly unknown[], receiver: unknown, nextWaitMs: number): Context {
    const context: { -readonly [K in keyof Context]: Context[K] } = new Context(name);
    context.args = args;
    context.receiver = receiver;
    context.nextWaitMs = nextWaitMs;
    return context as Context;
  }

  /** Derives what runs under a time limit: as hot as {@link Context.ofCall}. */
  limited(deadlineMs: number, cancellation: Cancellation): Context {
    const context: { -readonly [K in keyof Context]: Context[K] } = new Context(this.name, undefined, this);
    if (deadlineMs < this.deadlineMs) context.deadlineMs = deadlineMs;
    const limited = context as Context;
    limited.#cancellation = cancellation;
    return limited;
  }

  derive(changes: ContextChanges): Context {
    return new Context(this.name, changes, this);
  }

  /** Whether anything could cancel this context: if not, drivers need not listen. */
  get isCancellable(): boolean {
    return this.#cancellation !== undefined;
  }

  /** Where nothing could cancel this context, a cancellation that nobody aborts. */
  get cancellation(): Cancellation {
    this.#cancellation ??= new Cancellation();
    return this.#cancellation;
  }

  get signal(): AbortSignal {
    return this.cancellation.signal;
  }

  onAbort(listener: AbortListener): () => void {
    return this.isCancellable ? this.cancellation.onAbort(listener) : nothing;
  }
}

const nothing = (): void => {};

const noArgs: readonly unknown[] = Object.freeze([]);
