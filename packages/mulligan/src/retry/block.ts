import {
  type AttemptContext,
  Context,
  MulliganError,
  type Next,
  type Outcome,
  settle,
  settleSync,
  TimeoutError,
  unwrap,
} from '../kernel/index.ts';
import type { RetryCall } from './call.ts';
import { type OpenCall, openCall } from './open.ts';
import type { RetryOptions } from './options.ts';
import { planRetry, type RetryPlan } from './plan.ts';
import { planRetrySync } from './plan-sync.ts';
import { pause, runFirst, runFurther } from './run.ts';

/** What an attempt of a block came to. `ok: false` means that another attempt follows. */
export type BlockResult<T> = { readonly ok: true; readonly value: T } | { readonly ok: false };

/** One pass of a `for await` loop over {@link retryContext}. */
export interface BlockAttempt extends AttemptContext {
  /**
   * Runs what is to be retried, once in each pass.
   * @throws the last error when the call is given up
   */
  run<T>(operation: (attempt: AttemptContext) => T | PromiseLike<T>): Promise<BlockResult<T>>;
}

/** One pass of a blocking `for` loop over {@link retryContext}. */
export interface SyncBlockAttempt extends AttemptContext {
  /** As {@link BlockAttempt.run}, for what blocks. */
  runSync<T>(operation: (attempt: AttemptContext) => T): BlockResult<T>;
}

/** See {@link retryContext}. Every loop over it is a call of its own. */
export interface RetryContext extends AsyncIterable<BlockAttempt>, Iterable<SyncBlockAttempt> {}

/**
 * Retries a block of code.
 *
 * @example
 * for await (const attempt of retryContext({ on: NetworkError })) {
 *   await attempt.run(async () => {
 *     readme = await github.getItem(path, { signal: attempt.signal });
 *   });
 * }
 *
 * `for (const attempt of retryContext(…))` with `attempt.runSync` is the form for what blocks, see `retrySync`.
 *
 * @throws {MulliganError} `MULLIGAN_BLOCK_NOT_RUN` when a pass ends without `attempt.run`
 */
export function retryContext<T>(options: RetryOptions<T> = {}): RetryContext {
  const plan = planRetry(options);
  return {
    [Symbol.asyncIterator]: () => passes(plan),
    [Symbol.iterator]: () => passesSync(planRetrySync(options)),
  };
}

const blockName = '<context block>';

async function* passes(plan: RetryPlan): AsyncGenerator<BlockAttempt> {
  const opened = openCall(plan, new Context(blockName));
  const { call, close } = opened;
  try {
    for (let context: Context | undefined = call.attempt; context !== undefined; context = call.next()) {
      const pass = new Pass(opened, context);
      yield pass;
      const waitMs = pass.end();
      if (waitMs === undefined) return;
      await pause(call, waitMs);
    }
    throw endedBetween(opened);
  } finally {
    close();
  }
}

function* passesSync(plan: RetryPlan): Generator<SyncBlockAttempt> {
  const opened = openCall(plan, new Context(blockName));
  const { call, close } = opened;
  try {
    for (let context: Context | undefined = call.attempt; context !== undefined; context = call.next()) {
      const pass = new Pass(opened, context);
      yield pass;
      const waitMs = pass.end();
      if (waitMs === undefined) return;
      plan.world.sleepSync(waitMs);
    }
    throw endedBetween(opened);
  } finally {
    close();
  }
}

/** What ends a loop between two passes. The block has been told that another pass follows: it must not just end. */
function endedBetween({ call, start }: OpenCall): unknown {
  const { ending } = call;
  return ending.ok ? new TimeoutError(start.outer.name, start.plan.total?.totalMs ?? 0, 'call') : ending.error;
}

class Pass implements BlockAttempt, SyncBlockAttempt {
  readonly #opened: OpenCall;
  /** Once the attempt runs, the very one that it runs under: its signal knows of the attempt's time limit. */
  #context: Context;
  #state: 'new' | 'running' | 'ended' = 'new';
  #waitMs: number | undefined;

  constructor(opened: OpenCall, context: Context) {
    this.#opened = opened;
    this.#context = context;
  }

  get name(): string {
    return this.#context.name;
  }

  get number(): number {
    return this.#context.number;
  }

  get deadlineMs(): number {
    return this.#context.deadlineMs;
  }

  get previousError(): unknown {
    return this.#context.previousError;
  }

  get nextWaitMs(): number {
    return this.#context.nextWaitMs;
  }

  onAbort(listener: (reason: unknown) => void): () => void {
    return this.#context.onAbort(listener);
  }

  get signal(): AbortSignal {
    return this.#context.signal;
  }

  async run<T>(operation: (attempt: AttemptContext) => T | PromiseLike<T>): Promise<BlockResult<T>> {
    this.#begin();
    const { start, call } = this.#opened;
    const inside: Next<T> = start.scope?.show(operation) ?? operation;
    const next: Next<T> = (context) => {
      this.#context = context;
      return inside(context);
    };
    const outcome = await settle(() =>
      this.number === 1 ? runFirst(start, next) : runFurther(call as RetryCall<T>, next, this.#context),
    );
    return this.#conclude(outcome);
  }

  runSync<T>(operation: (attempt: AttemptContext) => T): BlockResult<T> {
    this.#begin();
    const next = this.#opened.start.scope?.show(operation) ?? operation;
    return this.#conclude(settleSync(() => next(this.#context)));
  }

  /** The wait before the next pass; `undefined` when there is none. */
  end(): number | undefined {
    if (this.#state === 'ended') return this.#waitMs;
    const why = this.#state === 'new' ? 'never called attempt.run' : 'did not await attempt.run';
    throw new MulliganError('MULLIGAN_BLOCK_NOT_RUN', `${this.name}: attempt ${this.number} ${why}`);
  }

  #begin(): void {
    if (this.#state === 'new') {
      this.#state = 'running';
      return;
    }
    throw new MulliganError('MULLIGAN_BLOCK_NOT_RUN', `${this.name}: attempt ${this.number} called attempt.run twice`);
  }

  #conclude<T>(outcome: Outcome<T>): BlockResult<T> {
    const { call } = this.#opened;
    this.#state = 'ended';
    this.#waitMs = call.after(outcome);
    return this.#waitMs === undefined ? { ok: true, value: unwrap(call.ending as Outcome<T>) } : { ok: false };
  }
}
