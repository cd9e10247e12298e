import { Cancellation } from './cancellation.ts';
import { type AttemptContext, Context } from './context.ts';
import { MulliganError, show } from './error.ts';
import type { Next, Operation } from './operation.ts';

/** Functions that a policy can wrap: they return a promise. `policy(fn)` has the type of `fn`. */
export type AsyncFunction = (...args: never[]) => PromiseLike<unknown> | AsyncIterable<unknown>;

/** What one use of a policy may bring along. */
export interface CallOptions {
  /**
   * Ends the call: a wait at once, a running attempt through its signal. Never retried. A {@link Cancellation} spares the
   * call the price of an `AbortSignal`.
   */
  readonly signal?: AbortSignal | Cancellation;
  /** For logs, metrics and errors. Default: the operation's name, else the policy's kind. */
  readonly name?: string;
}

/** What a policy says of itself: for people, and for the checks of `pipeline`. */
export interface PolicyDescription {
  readonly kind: string;
  /** The name of the policy function, for people who look at it. Default: its kind. */
  readonly name?: string;
  /** The longest that a call may take under this policy. */
  readonly timeoutMs?: number;
  /** The longest that each attempt of a retry may take. */
  readonly attemptTimeoutMs?: number;
  /** The wait after a first attempt that fails, without jitter: what the contexts of its calls begin with. */
  readonly nextWaitMs?: number;
  /** The policies of a pipeline, outermost first. */
  readonly parts?: readonly PolicyDescription[];
}

/**
 * A function that makes a function resilient. The wrapped function has the type, name, length and `this` of the
 * original. A policy is also a standard method decorator.
 */
export interface Policy {
  <F extends AsyncFunction>(fn: F, context?: ClassMethodDecoratorContext): F;
  /** Runs an operation under this policy; the operation gets the {@link AttemptContext}. */
  execute<T>(operation: Operation<T>, options?: CallOptions): Promise<T>;
  readonly description: PolicyDescription;
}

/** The one idea: what a policy does around the next thing. Everything else about a policy follows from it. */
export type Layer = <T>(next: Next<T>, context: Context) => Promise<T>;

/** How a policy wraps functions. */
export interface WrapOptions {
  /** Changes the arguments for each attempt, for instance to hand on the attempt's signal. */
  readonly passContext?: (context: AttemptContext, args: readonly unknown[]) => readonly unknown[];
}

/** How a policy is defined, beside its layer. */
export interface PolicyOptions extends WrapOptions {
  /** What the policy does around an async generator, where it can wrap one. */
  readonly iterate?: Iterate;
}

/** The layer of a policy around an async generator. */
export type Iterate = (make: (context: Context) => AsyncIterable<unknown>, context: Context) => AsyncGenerator;

const layerOf = new WeakMap<Policy, Layer>();

/** Makes a policy of a layer. */
export function definePolicy(layer: Layer, description: PolicyDescription, options: PolicyOptions = {}): Policy {
  const { kind, name = kind } = description;
  // A function takes its name from where it is written down: to rename it later would cost 400 bytes.
  const { [name]: wrap } = {
    [name]: (fn: AsyncFunction, decorated?: ClassMethodDecoratorContext): AsyncFunction => {
      checkWrappable(kind, fn, decorated);
      return wrapFunction({ layer, description }, fn, options);
    },
  };
  const policy = Object.assign(wrap as Policy, {
    description,
    execute: <T>(operation: Operation<T>, call: CallOptions = {}) => execute({ layer, description }, operation, call),
  });
  layerOf.set(policy, layer);
  return policy;
}

/** The layer of a policy made by {@link definePolicy}. @throws {TypeError} for anything else */
export function layerOfPolicy(policy: Policy): Layer {
  const layer = layerOf.get(policy);
  if (layer === undefined)
    throw new TypeError(`expected a policy, such as retry() or timeout('2s'), got ${show(policy)}`);
  return layer;
}

function checkWrappable(kind: string, fn: unknown, decorated: ClassMethodDecoratorContext | undefined): void {
  if (decorated !== undefined && decorated.kind !== 'method') {
    throw new TypeError(`@${kind} decorates methods, not a ${String(decorated.kind)} such as ${show(decorated.name)}`);
  }
  if (typeof fn !== 'function') throw new TypeError(`${kind} wraps a function, got ${show(fn)}`);
}

/** One use of a policy. */
interface Use {
  readonly layer: Layer;
  readonly description: PolicyDescription;
}

function execute<T>({ layer, description }: Use, operation: Operation<T>, call: CallOptions): Promise<T> {
  const { signal, name = operation.name === '' ? description.kind : operation.name } = call;
  const { nextWaitMs } = description;
  if (signal === undefined) return layer(operation, new Context(name, { nextWaitMs }));
  if (signal.aborted) return Promise.reject(signal.reason);
  if (signal instanceof Cancellation) return layer(operation, new Context(name, { nextWaitMs, cancellation: signal }));
  return underSignal(layer, operation, new Context(name, { nextWaitMs, cancellation: new Cancellation(signal) }));
}

async function underSignal<T>(layer: Layer, next: Next<T>, context: Context): Promise<T> {
  try {
    return await layer(next, context);
  } finally {
    context.cancellation.close();
  }
}

function wrapFunction({ layer, description }: Use, fn: AsyncFunction, options: PolicyOptions): AsyncFunction {
  const { kind, nextWaitMs = 0 } = description;
  const { passContext, iterate } = options;
  const name = fn.name === '' ? kind : fn.name;
  const isGenerator = Object.prototype.toString.call(fn) === '[object AsyncGeneratorFunction]';
  if (isGenerator && iterate === undefined) {
    throw new TypeError(`${kind} cannot wrap the async generator ${name}: only retry can, on its own`);
  }
  const call = (context: Context): unknown => {
    const args = passContext === undefined ? context.args : passContext(context, context.args);
    return Reflect.apply(fn, context.receiver, args);
  };
  const operation = (context: Context): PromiseLike<unknown> => expectPromise(call(context), name);
  const make = call as (context: Context) => AsyncIterable<unknown>;
  const run =
    isGenerator && iterate
      ? (context: Context) => iterate(make, context)
      : (context: Context) => layer(operation, context);
  const wrapped = function (this: unknown, ...args: unknown[]): unknown {
    return run(Context.ofCall(name, args, this, nextWaitMs));
  };
  return asIf(wrapped as AsyncFunction, fn);
}

/** Gives a wrapper the name and the length of what it wraps. */
export function asIf<F extends (...args: never[]) => unknown>(wrapper: F, wrapped: (...args: never[]) => unknown): F {
  Object.defineProperty(wrapper, 'name', { value: wrapped.name, configurable: true });
  Object.defineProperty(wrapper, 'length', { value: wrapped.length, configurable: true });
  return wrapper;
}

function expectPromise(value: unknown, name: string): PromiseLike<unknown> {
  if (typeof (value as PromiseLike<unknown> | undefined)?.then === 'function') return value as PromiseLike<unknown>;
  const isIterable = typeof value === 'object' && value !== null && Symbol.asyncIterator in value;
  const advice = isIterable ? 'wrap the async generator itself' : 'use retrySync for functions that block';
  const message = `${name} returned ${show(value)} instead of a promise: ${advice}`;
  throw new MulliganError('MULLIGAN_NOT_ASYNC', message);
}
