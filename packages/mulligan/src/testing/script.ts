import {
  type AttemptContext,
  Cancellation,
  type Duration,
  MulliganError,
  sleep,
  systemWorld,
  toMs,
  type World,
} from '../kernel/index.ts';

/** One outcome of a {@link script}: an `Error` is thrown, a {@link Step} takes time, anything else is returned. */
export type Scripted<T> = T | Error | Step<T>;

/** An outcome that takes time, or that a plain value cannot express, such as throwing something that is no `Error`. */
export class Step<T> {
  readonly takesMs: number;
  readonly end: () => T;

  constructor(takesMs: number, end: () => T) {
    this.takesMs = takesMs;
    this.end = end;
  }
}

/** A step that returns a value after a time. */
export function value<T>(result: T, takes: Duration = 0): Step<T> {
  return new Step(toMs(takes), () => result);
}

/** A step that throws anything after a time. */
export function failure(error: unknown, takes: Duration = 0): Step<never> {
  return new Step(toMs(takes), () => {
    throw error;
  });
}

/** An operation with a script, and the record of its calls. */
export interface ScriptedOperation<T> {
  (context?: AttemptContext): Promise<T>;
  /** When each call began, on the world's monotonic clock. */
  readonly startedMs: readonly number[];
  /** How often it was called. */
  readonly calls: number;
}

/** Options of {@link script}. */
export interface ScriptOptions {
  /** What follows the last outcome: it again (default), or an error that says so. */
  readonly atEnd?: 'repeat' | 'fail';
  /** Whose time the steps take. Default: the platform's. */
  readonly world?: World;
}

/**
 * An operation that ends as the script says, call after call. A step that takes time ends early when its attempt is
 * aborted.
 *
 * @example
 * const operation = script([new Error('503'), new Error('503'), 'ok']);
 * await retry(operation, { on: Error });   // 'ok'
 */
export function script<T>(outcomes: readonly Scripted<T>[], options: ScriptOptions = {}): ScriptedOperation<T> {
  const { atEnd = 'repeat', world = systemWorld } = options;
  const startedMs: number[] = [];
  const operation = async (context?: AttemptContext): Promise<T> => {
    const index = startedMs.push(world.now()) - 1;
    if (outcomes.length === 0 || (atEnd === 'fail' && index >= outcomes.length)) {
      throw new MulliganError(
        'MULLIGAN_SCRIPT_ENDED',
        `the script has ${outcomes.length} outcomes, but was called ${index + 1} times`,
      );
    }
    return play(outcomes[Math.min(index, outcomes.length - 1)] as Scripted<T>, world, context);
  };
  return Object.defineProperties(operation as ScriptedOperation<T>, {
    startedMs: { value: startedMs },
    calls: { get: () => startedMs.length },
  });
}

async function play<T>(outcome: Scripted<T>, world: World, context: AttemptContext | undefined): Promise<T> {
  if (outcome instanceof Error) throw outcome;
  if (!(outcome instanceof Step)) return outcome;
  if (outcome.takesMs > 0) await sleepUnder(world, outcome.takesMs, context?.signal);
  return outcome.end();
}

async function sleepUnder(world: World, delayMs: number, signal: AbortSignal | undefined): Promise<void> {
  if (signal === undefined) return sleep(world, delayMs);
  signal.throwIfAborted();
  const cancellation = new Cancellation(signal);
  try {
    await sleep(world, delayMs, cancellation);
  } finally {
    cancellation.close();
  }
}
