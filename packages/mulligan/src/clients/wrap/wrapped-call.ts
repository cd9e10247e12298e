import type { AttemptContext, Policy } from '../../kernel/index.ts';

/** Calls the client's method once. */
export type Invoke = (context: AttemptContext) => unknown;

/** A method that the client's promise has of its own, such as `withResponse`. */
interface Extra {
  readonly name: string;
  readonly args: readonly unknown[];
}

/** What the clients made by Stainless offer, OpenAI's and Anthropic's among them. */
const usualExtras: ReadonlySet<PropertyKey> = new Set(['withResponse', 'asResponse', Symbol.asyncIterator]);

/**
 * One call of a wrapped method. What the method returns decides what the call returns: a plain promise; a promise with
 * methods of its own, which stay and are retried as well; an async generator, which is started again until its first
 * item has come; or something else, which is handed on untouched.
 */
export class WrappedCall {
  readonly #invoke: Invoke;
  #first: { readonly value: unknown } | undefined;
  #hasThrown = false;
  /** The client's promise that ended the call well. */
  #winner: unknown;
  /** What the caller asks of the client's promise, in the place of its value. */
  #extra: Extra | undefined;
  /** Whether it is too late to ask. */
  #isDecided = false;

  constructor(invoke: Invoke) {
    this.#invoke = invoke;
  }

  start(policy: Policy, name: string): unknown {
    const run = policy.execute((context) => this.#attempt(context), { name });
    const first = this.#first;
    // Where the policy lets the call wait, it is not known yet what there will be.
    if (first === undefined) return this.#hasThrown ? run : this.#standIn(run, (key) => usualExtras.has(key));
    const { value } = first;
    if (isPlainPromise(value)) return run;
    if (isGenerator(value)) return iterate(run);
    if (isThenable(value)) return this.#standIn(run, (key) => typeof Reflect.get(value, key) === 'function');
    run.catch(() => {});
    return value;
  }

  #attempt(context: AttemptContext): unknown {
    try {
      const value = this.#invoke(context);
      this.#first ??= { value };
      if (isGenerator(value)) return begin(value);
      return isThenable(value) && !isPlainPromise(value) ? this.#settle(value) : value;
    } catch (error) {
      this.#hasThrown = true;
      throw error;
    }
  }

  async #settle(value: PromiseLike<unknown>): Promise<unknown> {
    // Whoever wants `.withResponse()` says so right after the call: until then the body must not be read.
    await Promise.resolve();
    this.#isDecided = true;
    const result = await (this.#extra === undefined ? value : ask(value, this.#extra));
    this.#winner ??= value;
    return result;
  }

  /** A promise of the call's end that offers what the client's own promises offer. */
  #standIn(run: Promise<unknown>, offers: (key: PropertyKey) => boolean): Promise<unknown> {
    return new Proxy(run, {
      get: (promise, key) => {
        if (key in promise) {
          const value: unknown = Reflect.get(promise, key);
          if (typeof value !== 'function') return value;
          return (...args: unknown[]) => Reflect.apply(value, this.#value(run), args) as unknown;
        }
        if (!offers(key)) return undefined;
        if (key === Symbol.asyncIterator) return () => iterate(run);
        return (...args: unknown[]) => this.#ask(run, { name: String(key), args });
      },
    });
  }

  #value(run: Promise<unknown>): Promise<unknown> {
    return this.#extra === undefined ? run : run.then(() => this.#winner);
  }

  #ask(run: Promise<unknown>, extra: Extra): Promise<unknown> {
    if (this.#isDecided || this.#extra !== undefined) return run.then(() => ask(this.#winner, extra));
    this.#extra = extra;
    return run;
  }
}

type Items = AsyncGenerator<unknown, unknown, undefined>;

/** An async generator whose first item has come. From here on it is the caller's: nothing is told twice. */
class Begun {
  readonly #items: Items;
  #first: IteratorResult<unknown, unknown> | undefined;

  constructor(items: Items, first: IteratorResult<unknown, unknown>) {
    this.#items = items;
    this.#first = first;
  }

  async next(): Promise<IteratorResult<unknown, unknown>> {
    const first = this.#first;
    this.#first = undefined;
    return first ?? this.#items.next();
  }

  return(value: unknown): Promise<IteratorResult<unknown, unknown>> {
    return this.#items.return(value);
  }

  [Symbol.asyncIterator](): this {
    return this;
  }
}

async function begin(items: Items): Promise<Begun> {
  return new Begun(items, await items.next());
}

/** What a call gives in the end, item by item: a generator that has begun, or a list in pages. */
function iterate(run: Promise<unknown>): Items {
  run.catch(() => {});
  return itemsOf(run as Promise<AsyncIterable<unknown>>);
}

async function* itemsOf(run: Promise<AsyncIterable<unknown>>): Items {
  return (yield* await run) as unknown;
}

function isGenerator(value: unknown): value is Items {
  const isObject = typeof value === 'object' && value !== null;
  return isObject && Symbol.asyncIterator in value && 'next' in value && !isThenable(value);
}

function ask(value: unknown, { name, args }: Extra): unknown {
  const method: unknown = Reflect.get(Object(value) as object, name);
  if (typeof method !== 'function') throw new TypeError(`the client's promise has no method ${name}`);
  return Reflect.apply(method, value, args) as unknown;
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof (value as PromiseLike<unknown> | null | undefined)?.then === 'function';
}

function isPlainPromise(value: unknown): value is Promise<unknown> {
  return value instanceof Promise && Object.getPrototypeOf(value) === Promise.prototype;
}
