import { describe, expect, test } from 'vitest';
import { circuitBreaker } from '../../breaker/index.ts';
import { type AttemptContext, onEvent, pipeline } from '../../kernel/index.ts';
import { rateLimit } from '../../limit/index.ts';
import { constant, ledgerOf, retry } from '../../retry/index.ts';
import { virtualWorld } from '../../testing/index.ts';
import { wrapClient } from './wrap-client.ts';

const flaky = (): Error => Object.assign(new Error('reset'), { code: 'ECONNRESET' });

/** Fails as often as told, and counts. */
class Service {
  calls = 0;
  #secret = 'kept';
  #failures: number;
  readonly points: { upsert: (n: number) => Promise<string>; count: () => number; get: () => Promise<string> };

  constructor(failures = 0) {
    this.#failures = failures;
    this.points = {
      upsert: (n) => this.query(`${n}`),
      count: () => this.calls,
      get: () => this.query('got'),
    };
  }

  get secret(): string {
    return this.#secret;
  }

  set secret(value: string) {
    this.#secret = value;
  }

  async query(text: string): Promise<string> {
    this.calls++;
    if (this.#failures-- > 0) throw flaky();
    return `${text} ${this.#secret}`;
  }

  async unlisted(): Promise<string> {
    return this.query('unlisted');
  }

  now(): number {
    return this.#secret.length;
  }

  self(): this {
    return this;
  }

  builder(): Builder {
    return new Builder(this);
  }

  async open(): Promise<Builder> {
    return new Builder(this);
  }
}

class Builder {
  readonly #service: Service;
  #limit = 0;

  constructor(service: Service) {
    this.#service = service;
  }

  limit(n: number): this {
    this.#limit = n;
    return this;
  }

  toArray(): Promise<string> {
    return this.#service.query(`${this.#limit}`);
  }
}

const policy = retry({ backoff: constant(0) });

test('a listed method is retried, and finds its private fields', async () => {
  const service = new Service(2);
  const client = wrapClient(service, policy, { methods: ['query'] });
  expect(await client.query('a')).toBe('a kept');
  expect(service.calls).toBe(3);
});

test('what is not listed is not retried, and works all the same', async () => {
  const service = new Service(1);
  const client = wrapClient(service, policy, { methods: ['query'] });
  await expect(client.unlisted()).rejects.toThrow('reset');
  expect(service.calls).toBe(1);
  expect(client.now()).toBe(4);
  client.secret = 'other';
  expect([client.secret, service.secret]).toEqual(['other', 'other']);
  expect(client.self()).toBe(client);
  expect(client).toBeInstanceOf(Service);
  const method = (): unknown => Reflect.get(client, 'query');
  expect(method()).toBe(method());
  expect(method()).toHaveLength(1);
  expect('calls' in client).toBe(true);
});

test('paths lead into parts, which stay the same object; a star means all methods of a part', async () => {
  const service = new Service(2);
  const client = wrapClient(service, policy, { methods: ['points.*'] });
  expect(client.points).toBe(client.points);
  expect(await client.points.upsert(1)).toBe('1 kept');
  expect(client.points.count()).toBe(3);
  await expect(wrapClient(new Service(1), policy, { methods: ['points.get'] }).points.upsert(1)).rejects.toThrow(
    'reset',
  );
});

test('paths lead through what a method gives, at once or as a promise, and along a chain', async () => {
  const methods = ['builder().toArray', 'open().toArray'] as const;
  expect(await wrapClient(new Service(2), policy, { methods }).builder().limit(5).toArray()).toBe('5 kept');
  const builder = await wrapClient(new Service(2), policy, { methods }).open();
  expect(await builder.toArray()).toBe('0 kept');
});

test('a method under two names is retried under the listed one only', async () => {
  const twice = { a: async (): Promise<number> => Promise.reject(flaky()), b: async (): Promise<number> => 1 };
  twice.b = twice.a;
  const client = wrapClient(twice, policy, { methods: ['a'] });
  expect(ledgerOf(await client.a().catch((error: unknown) => error))?.attempts).toBe(3);
  expect(ledgerOf(await client.b().catch((error: unknown) => error))).toBeUndefined();
});

test('an error comes out unchanged, with its ledger, and the events name the path', async () => {
  const names: string[] = [];
  const listening = onEvent(({ name }) => names.push(name));
  const client = wrapClient(new Service(9), policy, { methods: ['points.upsert'] });
  const error = await client.points.upsert(1).catch((error: unknown) => error);
  listening();
  expect(error).toMatchObject({ code: 'ECONNRESET' });
  expect(ledgerOf(error)?.attempts).toBe(3);
  expect(new Set(names)).toEqual(new Set(['points.upsert']));
});

test('each attempt can be given its signal', async () => {
  const seen: unknown[] = [];
  const client = wrapClient({ get: async (_id: number, options?: object) => void seen.push(options) }, policy, {
    methods: ['get'],
    passContext: (context: AttemptContext, [id], path) => [id, { number: context.number, path }],
  });
  await client.get(1);
  expect(seen).toEqual([{ number: 1, path: 'get' }]);
});

test('a frozen client can be wrapped', async () => {
  let calls = 0;
  const frozen = Object.freeze({
    get: async () => {
      if (++calls < 3) throw flaky();
      return calls;
    },
  });
  expect(await wrapClient(frozen, policy, { methods: ['get'] }).get()).toBe(3);
});

test('a mistake in the paths is answered in a sentence', () => {
  const wrap = (...methods: string[]) => wrapClient(new Service(), policy, { methods: methods as never });
  expect(() => wrap('qery')).toThrow("methods: the client has no 'qery'");
  expect(() => wrap('pints.upsert')).toThrow("methods: the client has no 'pints'");
  expect(() => wrap('points.upset')).toThrow("methods: the client has no 'points.upset'");
  expect(() => wrap('*')).toThrow('name the methods');
  expect(() => wrap('a..b')).toThrow('methods cannot hold "a..b": write it like \'part.method\'');
  expect(() => wrapClient('x' as never, policy, { methods: [] })).toThrow('wrapClient wraps an object');
  expect(() => wrapClient({}, {} as never, { methods: [] })).toThrow('expected a policy');
});

/** A promise with methods of its own, like those of OpenAI's and Anthropic's clients. */
class ApiPromise extends Promise<unknown> {
  readonly #response: Promise<Response>;

  constructor(response: Promise<Response>) {
    super((resolve) => resolve(null));
    this.#response = response;
  }

  asResponse(): Promise<Response> {
    return this.#response;
  }

  async withResponse(): Promise<{ data: unknown; response: Response }> {
    return { data: await this.#parse(), response: await this.#response };
  }

  // oxlint-disable-next-line unicorn/no-thenable -- as those clients do it
  override then<A, B>(
    resolve?: ((value: unknown) => A | PromiseLike<A>) | null,
    reject?: ((error: unknown) => B | PromiseLike<B>) | null,
  ): Promise<A | B> {
    return this.#parse().then(resolve, reject);
  }

  #parsed: Promise<unknown> | undefined;

  #parse(): Promise<unknown> {
    return (this.#parsed ??= this.#response.then((response) => response.json()));
  }

  static override get [Symbol.species](): PromiseConstructor {
    return Promise;
  }
}

class Api {
  requests = 0;
  #failures: number;

  constructor(failures: number) {
    this.#failures = failures;
  }

  create(): ApiPromise {
    this.requests++;
    const response =
      this.#failures-- > 0 ? Promise.reject(flaky()) : Promise.resolve(Response.json({ n: this.requests }));
    return new ApiPromise(response);
  }
}

describe('promises with methods of their own', () => {
  const wrapped = (failures: number) => {
    const api = new Api(failures);
    return { api, client: wrapClient(api, policy, { methods: ['create'] }) };
  };

  test('are awaited, after retries', async () => {
    const { api, client } = wrapped(2);
    expect(await client.create()).toEqual({ n: 3 });
    expect(api.requests).toBe(3);
  });

  test('keep their methods, which are retried as well', async () => {
    const { api, client } = wrapped(2);
    const { data, response } = await client.create().withResponse();
    expect([data, response.status, api.requests]).toEqual([{ n: 3 }, 200, 3]);
    const raw = await wrapped(2).client.create().asResponse();
    expect(await raw.json()).toEqual({ n: 3 });
  });

  test('make one row of attempts, whatever is asked of them', async () => {
    const { api, client } = wrapped(9);
    const promise = client.create();
    const both = await Promise.allSettled([promise.withResponse(), promise, promise.asResponse()]);
    expect(both.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
    expect(api.requests).toBe(3);
    const good = wrapped(1);
    const again = good.client.create();
    const [{ data }, value] = await Promise.all([again.withResponse(), again]);
    expect([data, value, good.api.requests]).toEqual([{ n: 2 }, { n: 2 }, 2]);
  });

  test('answer a method that is asked for late', async () => {
    const { client } = wrapped(1);
    const promise = client.create();
    await promise;
    expect((await promise.withResponse()).data).toEqual({ n: 2 });
  });

  test('are kept where a policy lets the call wait before it begins', async () => {
    const world = virtualWorld();
    const limited = pipeline(policy, rateLimit({ permits: 1, per: '1s', world }));
    const api = new Api(1);
    const client = wrapClient(api, limited, { methods: ['create'] });
    const { data } = await world.run(client.create().withResponse());
    expect([data, api.requests]).toEqual([{ n: 2 }, 2]);
  });
});

test('a method that throws at once rejects, and an open breaker lets nothing be sent', async () => {
  const throwing = {
    get: (): Promise<number> => {
      throw new RangeError('no');
    },
  };
  await expect(wrapClient(throwing, policy, { methods: ['get'] }).get()).rejects.toThrow('no');
  const breaker = circuitBreaker({ failures: 1 });
  const api = new Api(9);
  const client = wrapClient(api, breaker, { methods: ['create'] });
  await expect(client.create()).rejects.toThrow('reset');
  await expect(client.create()).rejects.toMatchObject({ code: 'MULLIGAN_CIRCUIT_OPEN' });
  expect(api.requests).toBe(1);
});

test('the retries of a client of that make are switched off for listed methods, on a copy', async () => {
  class Retrying {
    readonly maxRetries: number;
    constructor({ maxRetries = 2 }: { maxRetries?: number } = {}) {
      this.maxRetries = maxRetries;
    }
    withOptions(options: { maxRetries?: number }): Retrying {
      return new Retrying(options);
    }
    key = 'old';
    async get(): Promise<number> {
      return this.maxRetries;
    }
    async other(): Promise<number> {
      return this.maxRetries;
    }
    async getKey(): Promise<string> {
      return this.key;
    }
  }
  const own = new Retrying();
  const client = wrapClient(own, policy, { methods: ['get', 'getKey'] });
  expect(await client.get()).toBe(0);
  expect(await client.other()).toBe(2);
  client.key = 'new';
  expect([await client.getKey(), own.key, own.maxRetries]).toEqual(['new', 'new', 2]);
});

describe('async generators', () => {
  class Streams {
    starts = 0;
    closed = 0;
    #failures: number;
    readonly #breaks: boolean;

    constructor(failures: number, breaks = false) {
      this.#failures = failures;
      this.#breaks = breaks;
    }

    async *numbers(): AsyncGenerator<number, string> {
      this.starts++;
      try {
        if (this.#failures-- > 0) throw flaky();
        yield 1;
        yield 2;
        if (this.#breaks) throw flaky();
        return 'end';
      } finally {
        this.closed++;
      }
    }
  }

  const collect = async (items: AsyncIterable<number>): Promise<number[]> => {
    const all: number[] = [];
    for await (const item of items) all.push(item);
    return all;
  };

  test('are started again until their first item has come', async () => {
    const streams = new Streams(2);
    expect(await collect(wrapClient(streams, policy, { methods: ['numbers'] }).numbers())).toEqual([1, 2]);
    expect(streams.starts).toBe(3);
    await expect(collect(wrapClient(new Streams(9), policy, { methods: ['numbers'] }).numbers())).rejects.toThrow(
      'reset',
    );
  });

  test('are never started again after it', async () => {
    const streams = new Streams(0, true);
    const seen: number[] = [];
    const read = async (): Promise<void> => {
      for await (const item of wrapClient(streams, policy, { methods: ['numbers'] }).numbers()) seen.push(item);
    };
    await expect(read()).rejects.toThrow('reset');
    expect([seen, streams.starts]).toEqual([[1, 2], 1]);
  });

  test('are ended when nobody reads on', async () => {
    const streams = new Streams(0);
    for await (const item of wrapClient(streams, policy, { methods: ['numbers'] }).numbers()) {
      expect(item).toBe(1);
      break;
    }
    expect(streams.closed).toBe(1);
  });

  test('may wait for a policy before they begin', async () => {
    const world = virtualWorld();
    const limited = pipeline(policy, rateLimit({ permits: 1, per: '1s', world }));
    const client = wrapClient(new Streams(0), limited, { methods: ['numbers'] });
    expect(await world.run(collect(client.numbers()))).toEqual([1, 2]);
    expect(await world.run(collect(client.numbers()))).toEqual([1, 2]);
  });
});
