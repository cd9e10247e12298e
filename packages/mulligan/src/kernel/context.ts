import { Cancellation } from './cancellation.ts';

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
  readonly number: number;
  readonly deadlineMs: number;
  readonly previousError: unknown;
  readonly nextWaitMs: number;
  readonly args: readonly unknown[];
  readonly receiver: unknown;
  #cancellation: Cancellation | undefined;

  constructor(name: string, changes: ContextChanges = noChanges, parent?: Context) {
    const base = parent ?? root;
    this.name = name;
    this.number = changes.number ?? base.number;
    this.deadlineMs = changes.deadlineMs ?? base.deadlineMs;
    this.previousError = 'previousError' in changes ? changes.previousError : base.previousError;
    this.nextWaitMs = changes.nextWaitMs ?? base.nextWaitMs;
    this.args = changes.args ?? base.args;
    this.receiver = changes.receiver ?? base.receiver;
    this.#cancellation = changes.cancellation ?? (parent === undefined ? undefined : parent.#cancellation);
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
}

const noChanges: ContextChanges = Object.freeze({});

/** What a call begins with. */
const root = Object.freeze({
  number: 1,
  deadlineMs: Number.POSITIVE_INFINITY,
  previousError: undefined,
  nextWaitMs: 0,
  args: Object.freeze<unknown[]>([]),
  receiver: undefined,
});
