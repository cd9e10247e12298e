import { type AttemptContext, Cancellation, type Policy, TimeoutError, type World } from '../../kernel/index.ts';

/** How a stream is started and watched. */
export interface StreamCall<T> {
  readonly name: string;
  /** Starts the stream, once for each attempt. The signal ends it, also after the attempt. */
  readonly open: (signal: AbortSignal) => AsyncIterable<T> | Promise<AsyncIterable<T>>;
  /** Whether an item is one that the caller must not get twice. */
  readonly isToken: (item: T) => boolean;
  /** How long it may say nothing. */
  readonly idleMs: number;
  readonly signal: AbortSignal | undefined;
  readonly world: World;
}

/** A stream that has begun. */
export interface LiveStream<T> {
  /** What came until the first token, and the token. */
  readonly begun: readonly T[];
  /** The next item; rejects when the stream has been silent for too long. */
  readonly next: () => Promise<IteratorResult<T, unknown>>;
  /** Ends it, wherever it stands. */
  readonly end: (reason?: unknown) => void;
}

/** Starts a stream, and again while that may help, until its first token has come. From then on it is the caller's. */
export function untilFirstToken<T>(policy: Policy, call: StreamCall<T>): Promise<LiveStream<T>> {
  const options = call.signal === undefined ? { name: call.name } : { name: call.name, signal: call.signal };
  return policy.execute((attempt) => begin(call, attempt), options);
}

async function begin<T>(call: StreamCall<T>, attempt: AttemptContext): Promise<LiveStream<T>> {
  // The attempt ends with the first token, the stream does not: it lives under a cancellation of its own.
  const life = new Cancellation(call.signal);
  const { signal } = attempt;
  const end = (): void => life.abort(signal.reason);
  signal.addEventListener('abort', end);
  try {
    const stream = await watched(call, life, () => call.open(life.signal));
    const items = stream[Symbol.asyncIterator]();
    const next = () => advance(call, life, items);
    const begun: T[] = [];
    for (let item = await next(); item.done !== true; item = await next()) {
      begun.push(item.value);
      if (call.isToken(item.value)) break;
    }
    return { begun, next, end: (reason) => life.abort(reason ?? new DOMException('nobody reads on', 'AbortError')) };
  } catch (error) {
    life.abort(error);
    throw error;
  } finally {
    signal.removeEventListener('abort', end);
  }
}

/** The next item. At its end, good or bad, the stream lets go of the caller's signal. */
async function advance<T>(
  call: StreamCall<T>,
  life: Cancellation,
  items: AsyncIterator<T>,
): Promise<IteratorResult<T>> {
  try {
    const item = await watched(call, life, () => items.next());
    if (item.done === true) life.close();
    return item;
  } catch (error) {
    life.abort(error);
    throw error;
  }
}

/** Waits for a step of the stream, but no longer than it may be silent, and not after it has been ended. */
function watched<T>(
  { name, idleMs, world }: Pick<StreamCall<unknown>, 'name' | 'idleMs' | 'world'>,
  life: Cancellation,
  step: () => T | PromiseLike<T>,
): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = world.setTimer(() => life.abort(new TimeoutError(name, idleMs, 'attempt')), idleMs);
    const unlisten = life.onAbort((reason) => {
      timer.cancel();
      reject(reason);
    });
    const leave = (): void => {
      timer.cancel();
      unlisten();
    };
    Promise.resolve()
      .then(step)
      .then(
        (value) => {
          leave();
          resolve(value);
        },
        (error: unknown) => {
          leave();
          reject(error);
        },
      );
  });
}
