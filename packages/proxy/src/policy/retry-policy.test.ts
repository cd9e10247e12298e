import fc from 'fast-check';
import { seededRandom } from 'mulligan/testing';
import { describe, expect, test } from 'vitest';
import { BackoffStrategy, RetryPolicy, type RetryPolicyOptions } from './index.ts';

const waits = (options: RetryPolicyOptions, count: number, random: () => number = () => 0.5): number[] => {
  const { backoff } = new RetryPolicy(options);
  const all: number[] = [];
  for (let retry = 1; retry <= count; retry++) all.push(backoff(retry, all.at(-1), random));
  return all;
};

test('the defaults are those of ProxyWhirl', () => {
  expect(new RetryPolicy().toJson()).toEqual({
    max_attempts: 3,
    backoff_strategy: 'exponential',
    base_delay: 1,
    multiplier: 2,
    max_backoff_delay: 30,
    jitter: false,
    retry_status_codes: [502, 503, 504],
    timeout: null,
    retry_non_idempotent: false,
  });
});

describe('waits', () => {
  test.each([
    ['exponential', {}, [1000, 2000, 4000, 8000]],
    ['linear', { backoffStrategy: BackoffStrategy.LINEAR, baseDelay: '2s' }, [2000, 4000, 6000, 8000]],
    ['fixed', { backoffStrategy: BackoffStrategy.FIXED, baseDelay: '3s' }, [3000, 3000, 3000, 3000]],
    ['capped', { baseDelay: '10s', maxBackoffDelay: '30s' }, [10_000, 20_000, 30_000, 30_000]],
    ['fixed above the cap', { backoffStrategy: 'fixed', baseDelay: '60s', maxBackoffDelay: '5s' }, [5000, 5000]],
  ] as const)('%s', (_name, options, expected) => {
    expect(waits(options, expected.length)).toEqual(expected);
  });

  test('with jitter are up to half more or less, and never above the cap', () => {
    const strategy = fc.constantFrom<BackoffStrategy>('exponential', 'linear', 'fixed');
    fc.assert(
      fc.property(
        strategy,
        fc.integer({ min: 100, max: 60_000 }),
        fc.integer({ min: 1, max: 9 }),
        fc.nat(),
        (backoffStrategy, baseDelay, retry, seed) => {
          const plain = new RetryPolicy({ backoffStrategy, baseDelay }).backoff(retry, undefined, () => 0);
          const wait = new RetryPolicy({ backoffStrategy, baseDelay, jitter: true }).backoff(
            retry,
            undefined,
            seededRandom(seed),
          );
          expect(wait).toBeGreaterThanOrEqual(plain * 0.5);
          expect(wait).toBeLessThanOrEqual(Math.min(plain * 1.5, 30_000));
        },
      ),
    );
  });

  test('that are fixed have the same jitter, up to the cap of all waits', () => {
    const fixed = new RetryPolicy({ backoffStrategy: 'fixed', jitter: true, maxBackoffDelay: '1.2s' });
    expect([0, 0.5, 0.7, 0.999].map((chance) => Math.round(fixed.backoff(1, undefined, () => chance)))).toEqual([
      500, 1000, 1200, 1200,
    ]);
    const { backoff } = fixed.with({ jitter: 'decorrelated', maxBackoffDelay: '30s' });
    expect(backoff(2, 2000, () => 0.5)).toBe(3500);
  });

  test('with decorrelated jitter go from the base to three times the wait before', () => {
    const { backoff } = new RetryPolicy({ jitter: 'decorrelated' });
    expect([backoff(1, undefined, () => 0.5), backoff(2, 2000, () => 0), backoff(2, 2000, () => 0.999_999)]).toEqual([
      500,
      1000,
      expect.closeTo(6000, 0),
    ]);
  });
});

describe('ranges', () => {
  test.each([
    [{ maxAttempts: 1 }],
    [{ maxAttempts: 10 }],
    [{ baseDelay: 100 }],
    [{ baseDelay: '60s' }],
    [{ multiplier: 1.1 }],
    [{ multiplier: 10 }],
    [{ maxBackoffDelay: '1s' }],
    [{ maxBackoffDelay: '300s' }],
    [{ timeout: '0.1s' }],
    [{ retryStatusCodes: [] }],
    [{ retryStatusCodes: [429, 408, 425, 500, 599] }],
  ] as [RetryPolicyOptions][])('%j is allowed', (options) => {
    expect(() => new RetryPolicy(options)).not.toThrow();
  });

  test.each([
    [{ maxAttempts: 0 }, 'maxAttempts: Input should be greater than or equal to 1, got 0'],
    [{ maxAttempts: 11 }, 'maxAttempts: Input should be less than or equal to 10, got 11'],
    [
      { maxAttempts: 2.5 },
      'maxAttempts: Input should be a valid integer, got a number with a fractional part, got 2.5',
    ],
    [{ baseDelay: 99 }, 'baseDelay: Input should be greater than or equal to 0.1, got "99 ms"'],
    [{ baseDelay: '61s' }, 'baseDelay: Input should be less than or equal to 60, got "61s"'],
    [{ multiplier: 1 }, 'multiplier: Input should be greater than or equal to 1.1, got 1'],
    [{ multiplier: 11 }, 'multiplier: Input should be less than or equal to 10, got 11'],
    [{ maxBackoffDelay: 0 }, 'maxBackoffDelay: Input should be greater than or equal to 1'],
    [{ timeout: 0 }, 'timeout: Input should be greater than or equal to 0.1'],
    [{ backoffStrategy: 'EXPONENTIAL' }, `backoffStrategy: Input should be 'exponential', 'linear' or 'fixed'`],
    [{ jitter: 'full' }, 'jitter: Input should be a valid boolean'],
    [{ retryStatusCodes: [502, 404] }, 'retryStatusCodes: Status codes must be 5xx errors, 408, 425 or 429, got 404'],
    [{ attempts: 3 }, "RetryPolicy has no option 'attempts'"],
  ])('%j is refused', (options, sentence) => {
    expect(() => new RetryPolicy(options as RetryPolicyOptions)).toThrow(sentence);
  });
});

describe('JSON', () => {
  test('what is not named stays as it is', () => {
    const base = new RetryPolicy({ maxAttempts: 5, timeout: '15s', jitter: true });
    expect(RetryPolicy.fromJson({ base_delay: 1.5 }, base)).toEqual(base.with({ baseDelay: 1500 }));
  });

  test('a timeout of null takes the limit away', () => {
    const base = new RetryPolicy({ timeout: '15s' });
    expect(RetryPolicy.fromJson({ timeout: null }, base).timeoutMs).toBeUndefined();
  });

  test('goes there and back', () => {
    const policy = new RetryPolicy({
      maxAttempts: 4,
      backoffStrategy: 'linear',
      baseDelay: 2500,
      timeout: '10s',
      retryStatusCodes: [429],
    });
    expect(RetryPolicy.fromJson(policy.toJson())).toEqual(policy);
  });

  test.each([
    [{ max_attempts: 11 }, 'max_attempts: Input should be less than or equal to 10, got 11'],
    [{ base_delay: 0.05 }, 'base_delay: Input should be greater than or equal to 0.1'],
    [{ max_backoff_delay: '2s' }, undefined],
    [{ retry_status_codes: [400] }, 'retry_status_codes: Status codes must be 5xx errors'],
    [{ max_atempts: 3 }, "did you mean 'max_attempts'?"],
  ])('%j', (json, sentence) => {
    const read = () => RetryPolicy.fromJson(json as never);
    if (sentence === undefined) expect(read).not.toThrow();
    else expect(read).toThrow(sentence);
  });
});

test('only methods that can be repeated are, unless the policy says otherwise', () => {
  const methods = ['GET', 'head', 'OPTIONS', 'DELETE', 'PUT', 'POST', 'patch'];
  expect(methods.filter((method) => new RetryPolicy().mayRepeat(method))).toEqual([
    'GET',
    'head',
    'OPTIONS',
    'DELETE',
    'PUT',
  ]);
  expect(methods.every((method) => new RetryPolicy({ retryNonIdempotent: true }).mayRepeat(method))).toBe(true);
});
