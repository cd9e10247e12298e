import { describe, expect, test, vi } from 'vitest';
import { circuitBreaker } from '../breaker/index.ts';
import { retry, type RetryOptions, shouldRetry } from '../retry/index.ts';
import { recorder, script, virtualWorld } from '../testing/index.ts';
import { client, fromager, litestar, proxywhirl, stamina } from './index.ts';

const withCode = (code: string): Error => Object.assign(new Error(code), { code });
const withStatus = (status: number): Error => Object.assign(new Error(`status ${status}`), { status });

/** Attempts, and the waits without jitter in seconds. */
function shape({ attempts, backoff }: RetryOptions): { attempts: number; waits: number[] } {
  const nominal = (backoff as unknown as { nominalMs: (retry: number) => number }).nominalMs;
  return { attempts: attempts!, waits: [1, 2, 3, 4, 5, 6, 7].map((number) => nominal(number) / 1000) };
}

describe('the settings', () => {
  test.each<[string, RetryOptions, number, number[]]>([
    ['fromager.onException', fromager.onException(), 5, [1, 2, 4, 8, 16, 32, 60]],
    ['fromager.status', fromager.status(), 9, [1.5, 3, 6, 12, 24, 48, 60]],
    ['fromager.network', fromager.network(), 9, [1, 2, 4, 8, 16, 32, 60]],
    ['fromager.download', fromager.download, 5, [1.5, 3, 6, 12, 24, 48, 96]],
    ['client.retryConfig', client.retryConfig(), 4, [1, 2, 4, 8, 16, 32, 60]],
    ['client.fastApi', client.fastApi, 4, [0.5, 1, 2, 4, 8, 10, 10]],
    ['client.database', client.database, 4, [1, 2, 4, 8, 16, 30, 30]],
    ['client.vectorSearch', client.vectorSearch, 4, [1, 2, 4, 8, 16, 30, 30]],
    ['client.llm', client.llm, 3, [2, 4, 8, 16, 32, 60, 60]],
    ['client.batch', client.batch, 6, [5, 10, 20, 40, 80, 120, 120]],
    ['client.generation', client.generation, 3, [0.5, 1, 2, 4, 8, 10, 10]],
    ['proxywhirl.retryPolicy', proxywhirl.retryPolicy(), 3, [1, 2, 4, 8, 16, 30, 30]],
    ['litestar.retryConfig', litestar.retryConfig(), 4, [1, 2, 4, 8, 16, 32, 60]],
    ['stamina.options', stamina.options({ on: Error }), 10, [0.1, 0.2, 0.4, 0.8, 1.6, 3.2, 5]],
  ])('%s', (_name, options, attempts, waits) => {
    expect(shape(options)).toEqual({ attempts, waits });
    expect(() => retry(options)).not.toThrow();
  });

  test('the longest waits with jitter: only litestar exceeds its cap, as its system does', () => {
    const longest = ({ backoff }: RetryOptions): number => backoff!(20, 1e9, () => 1) / 1000;
    expect(longest(fromager.onException())).toBe(60);
    expect(longest(client.retryConfig())).toBe(60);
    expect(longest(proxywhirl.retryPolicy({ jitter: true }))).toBe(30);
    expect(longest(proxywhirl.retryPolicy({ jitter: 'decorrelated' }))).toBe(30);
    expect(longest(litestar.retryConfig())).toBe(75);
    expect(longest(stamina.options({ on: Error }))).toBe(5);
  });
});

describe('what is retried', () => {
  const retried = (options: RetryOptions, errors: readonly Error[]): boolean[] =>
    errors.map((error) => shouldRetry(error, options));
  const errors = [
    withCode('ECONNREFUSED'),
    withCode('ENOTFOUND'),
    withCode('ECONNRESET'),
    withCode('ETIMEDOUT'),
    withCode('HPE_INVALID_CONSTANT'),
    withStatus(503),
    withStatus(500),
    Object.assign(withCode('EACCES'), { errno: -13, syscall: 'open' }),
    new RangeError('a mistake'),
    new TypeError('fetch failed', { cause: withCode('ECONNRESET') }),
  ];
  const [yes, no] = [true, false];

  test.each<[string, RetryOptions, boolean[]]>([
    ['fromager', fromager.onException(), [yes, yes, yes, yes, yes, no, no, no, no, yes]],
    ['client', client.retryConfig(), [yes, yes, yes, yes, no, no, no, yes, no, yes]],
    ['proxywhirl', proxywhirl.retryPolicy(), [yes, yes, yes, yes, no, yes, no, no, no, yes]],
    ['litestar', litestar.retryConfig(), [yes, yes, yes, yes, no, no, no, no, no, yes]],
  ])('%s', (_name, options, expected) => {
    expect(retried(options, errors)).toEqual(expected);
  });

  test('client: what is fatal wins', () => {
    const config = client.retryConfig({ retryableExceptions: Error, fatalExceptions: RangeError });
    expect(retried(config, [new Error('x'), new RangeError('y')])).toEqual([true, false]);
  });
});

describe('proxywhirl', () => {
  test('wraps the last error when attempts run out, and leaves others as they are', async () => {
    const world = virtualWorld();
    const cause = withCode('ECONNRESET');
    const policy = retry({ ...proxywhirl.retryPolicy(), world });
    const error: unknown = await world.run(policy.execute(script([cause])).catch((reason: unknown) => reason));
    expect(error).toMatchObject({ message: 'Request failed after 3 attempts', cause });
    const mistake = new RangeError('a mistake');
    await expect(policy.execute(script([mistake]))).rejects.toBe(mistake);
  });

  test('has the settings of its breaker', () => {
    const breaker = circuitBreaker(proxywhirl.circuitBreaker);
    expect(breaker.state).toBe('closed');
    expect(proxywhirl.circuitBreaker).toEqual({ failures: 5, window: '60s', openFor: '30s' });
  });

  test('answers a strategy that it does not know', () => {
    expect(() => proxywhirl.retryPolicy({ backoffStrategy: 'random' as never })).toThrow(
      `backoffStrategy must be one of 'exponential', 'linear', 'fixed', got "random"`,
    );
  });
});

describe('stamina', () => {
  test('throws without on', () => {
    expect(() => stamina.retry({} as never)).toThrow(/^on must say which errors to retry/);
    expect(() => stamina.retrySync({} as never)).toThrow(/^on must say/);
    expect(() => stamina.retryContext({ attempts: 3 } as never)).toThrow(/^on must say/);
  });

  test('has all ways to call', async () => {
    const world = virtualWorld();
    let calls = 0;
    const operation = async (): Promise<number> => {
      if (++calls < 3) throw withCode('ECONNRESET');
      return calls;
    };
    const options = { ...stamina.options({ on: Error, waitJitter: 0 }), world };
    await expect(world.run(retry(options)(operation)())).resolves.toBe(3);
    expect(world.now()).toBe(300);
    await expect(stamina.retry({ on: Error })(async () => 'ok')()).resolves.toBe('ok');
    expect(stamina.retrySync({ on: Error })(() => 'ok')()).toBe('ok');
    for await (const attempt of stamina.retryContext({ on: Error })) await attempt.run(async () => 'ok');
  });
});

describe('the lines of the log', () => {
  const writeTo = (into: string[]) => ({
    warn: (line: string) => void into.push(`WARNING ${line}`),
    error: (line: string) => void into.push(`ERROR ${line}`),
    info: (line: string) => void into.push(`INFO ${line}`),
  });
  const logOf = async (options: RetryOptions, outcomes: readonly (Error | string)[]): Promise<void> => {
    const world = virtualWorld({ seed: () => 0.5 });
    await world.run(retry(script(outcomes), { ...options, world, name: 'fetch' }).catch(() => {}));
  };
  const reset = Object.assign(new Error('Connection refused'), { code: 'ECONNREFUSED' });

  test('fromager', async () => {
    const lines: string[] = [];
    const options = { ...fromager.onException({ maxAttempts: 3 }), onEvent: fromager.logLines(writeTo(lines)) };
    await logOf(options, [reset]);
    await logOf(options, ['ok']);
    expect(lines).toEqual([
      'WARNING Function fetch failed: Connection refused. Retrying in 1.5 seconds (attempt 1/3)',
      'WARNING Function fetch failed: Connection refused. Retrying in 2.5 seconds (attempt 2/3)',
      'ERROR Function fetch failed after 3 attempts: Connection refused',
    ]);
  });

  test('client: a success after retries, and a fatal error', async () => {
    const lines: string[] = [];
    const options = { ...client.retryConfig({ jitter: false }), onEvent: client.logLines(writeTo(lines)) };
    await logOf(options, [reset, reset, 'ok']);
    await logOf(options, [new RangeError('a mistake')]);
    await logOf(options, ['ok']);
    expect(lines).toEqual([
      'WARNING fetch: Attempt 1/4 failed: Connection refused. Retrying in 1.00s...',
      'WARNING fetch: Attempt 2/4 failed: Connection refused. Retrying in 2.00s...',
      'INFO fetch: Succeeded on attempt 3',
      'ERROR fetch: Fatal exception, not retrying: a mistake',
    ]);
  });

  test('proxywhirl', async () => {
    const lines: string[] = [];
    const options = { ...proxywhirl.retryPolicy({ timeout: '60s' }), onEvent: proxywhirl.logLines(writeTo(lines)) };
    await logOf(options, [reset, 'ok']);
    await logOf(options, [reset]);
    await logOf({ ...options, ...proxywhirl.retryPolicy({ timeout: '0.5s' }) }, [reset]);
    await logOf(options, [new RangeError('a mistake')]);
    expect(lines).toEqual([
      'WARNING Retry attempt 2/3 after 1.00s delay',
      'INFO Request succeeded on attempt 2',
      'WARNING Retry attempt 2/3 after 1.00s delay',
      'WARNING Retry attempt 3/3 after 2.00s delay',
      'ERROR All 3 retry attempts exhausted for request fetch',
      'ERROR Request timeout exceeded (0.00s) after 1 attempts',
      'ERROR Non-retryable error: a mistake',
    ]);
  });

  test('litestar counts retries, not tries, and says nothing of errors it does not retry', async () => {
    const lines: string[] = [];
    const options = {
      ...litestar.retryConfig({ maxRetries: 1, jitter: false }),
      onEvent: litestar.logLines(writeTo(lines)),
    };
    await logOf(options, [reset]);
    await logOf(options, [new RangeError('a mistake')]);
    expect(lines).toEqual([
      'WARNING Retry attempt 1/1 for fetch after 1.00s: Connection refused',
      'ERROR All 1 retries exhausted for fetch',
    ]);
  });

  test('stamina', async () => {
    const lines: string[] = [];
    const onEvent = stamina.logLines(writeTo(lines));
    await logOf({ ...stamina.options({ on: Error, attempts: 2 }), onEvent }, [reset]);
    expect(lines).toEqual([
      'WARNING stamina.retry_scheduled callable=fetch retry_num=1 caused_by=Connection refused wait_for=0.60 waited_so_far=0.00',
    ]);
  });

  test('a logger without info is fine', async () => {
    const warn = vi.fn<(line: string) => void>();
    const onEvent = client.logLines({ warn, error: warn });
    await logOf({ ...client.retryConfig(), onEvent }, [reset, 'ok']);
    expect(warn).toHaveBeenCalledOnce();
  });
});

test('a misspelt setting is answered', () => {
  expect(() => client.retryConfig({ maxRetrys: 3 } as never)).toThrow(`did you mean 'maxRetries'?`);
  expect(() => litestar.retryConfig({ baseDelays: 1 } as never)).toThrow(`did you mean 'baseDelay'?`);
  expect(() => fromager.onException({ maxAttempt: 1 } as never)).toThrow(`did you mean 'maxAttempts'?`);
  expect(() => proxywhirl.retryPolicy({ jiter: true } as never)).toThrow(`did you mean 'jitter'?`);
  expect(() => stamina.options({ on: Error, attempt: 3 } as never)).toThrow(`did you mean 'attempts'?`);
  expect(() => client.retryConfig({ maxRetries: -1 })).toThrow('maxRetries must be a whole number of at least 0');
});

test('settings cannot be changed by one user for all others', () => {
  expect(() => Object.assign(client.database, { attempts: 1 })).toThrow(TypeError);
  expect(() => Object.assign(proxywhirl, { retryPolicy: null })).toThrow(TypeError);
});

test('an event of another kind writes nothing', () => {
  const log = recorder();
  const warn = vi.fn<(line: string) => void>();
  const listener = fromager.logLines({ warn, error: warn });
  log({ type: 'timeout.expired', at: 0, name: 'x', timeoutMs: 1 });
  listener(log.events[0]!);
  expect(warn).not.toHaveBeenCalled();
});
