import { expect, test } from 'vitest';
import { circuitBreaker } from './circuit-breaker.ts';
import { breakerDefaults, type BreakerSettings, type CircuitBreakerOptions } from './options.ts';
import { breakerSettingNames, planBreaker } from './plan.ts';

const plan = (settings: BreakerSettings) => planBreaker(settings, () => 0.5);

test('without a rule five failures in a minute open it', () => {
  expect(plan({})).toMatchObject({
    failures: breakerDefaults.failures,
    windowMs: 60_000,
    firstOpenForMs: 30_000,
    permits: 1,
    successes: 1,
    maxWaitMs: 30_000,
  });
});

test('with a rate no number of failures opens it, unless one is given', () => {
  expect(plan({ failureRate: 0.5 })).toMatchObject({ failures: Infinity, minimumCalls: 20, windowMs: 30_000 });
  expect(plan({ failureRate: 0.5, failures: 9 })).toMatchObject({ failures: 9, failureRate: 0.5 });
  expect(plan({ slowCallRate: 0.8 })).toMatchObject({ slowCallMs: 60_000 });
  expect(plan({ failureRate: 0.5, window: { calls: 10 } })).toMatchObject({ minimumCalls: 10 });
});

test('every setting is known, and no other', () => {
  const all: Required<BreakerSettings> = {
    failures: 1,
    failureRate: 1,
    slowCallRate: 1,
    slowCall: 1,
    minimumCalls: 1,
    window: 1,
    openFor: 1,
    halfOpen: {},
    on: Error,
    unless: Error,
    isFailure: () => false,
  };
  expect([...breakerSettingNames].toSorted()).toEqual(Object.keys(all).toSorted());
  expect(() => circuitBreaker(all)).not.toThrow();
});

const bad: [CircuitBreakerOptions | object, string][] = [
  [{ failure: 3 }, "circuitBreaker has no option 'failure': did you mean 'failures'?"],
  [{ failures: 2.5 }, 'failures must be a whole number of at least 1, got 2.5'],
  [{ failureRate: 1.01 }, 'failureRate must be above 0 and at most 1, such as 0.5, got 1.01'],
  [{ slowCallRate: 0 }, 'slowCallRate must be above 0 and at most 1, such as 0.5, got 0'],
  [{ minimumCalls: 10 }, 'minimumCalls means nothing without failureRate or slowCallRate'],
  [{ slowCall: '2s' }, 'slowCall means nothing without slowCallRate'],
  [
    { failureRate: 0.5, window: 'consecutive' },
    "a rate means nothing with window: 'consecutive', which counts failures in a row",
  ],
  [
    { failures: 11, window: { calls: 10 } },
    'failures (11) must not be more than window.calls (10), or the breaker can never open',
  ],
  [
    { failureRate: 0.5, minimumCalls: 11, window: { calls: 10 } },
    'minimumCalls (11) must not be more than window.calls (10), or the breaker can never open',
  ],
  [{ window: { calls: 0 } }, 'window.calls must be a whole number from 1 to 1000000, got 0'],
  [
    { window: 'an hour' },
    'window must be a duration of 0 or more, such as 250 (milliseconds), \'1.5s\' or { seconds: 30 }, got "an hour"',
  ],
  [{ window: 0 }, 'window must be at least 1 ms, got 0'],
  [
    { openFor: () => -1 },
    "openFor must be a duration of 0 or more, such as 250 (milliseconds), '1.5s' or { seconds: 30 }, got -1",
  ],
  [{ openFor: { initial: '10s', max: '1s' } }, 'openFor.max must be at least 10000 ms, got "1s"'],
  [
    { openFor: { initial: '1s' } },
    "openFor.max must be a duration of 0 or more, such as 250 (milliseconds), '1.5s' or { seconds: 30 }, got undefined",
  ],
  [{ halfOpen: { permit: 1 } }, "halfOpen has no option 'permit': did you mean 'permits'?"],
  [{ openFor: { initial: 1, max: 2, factor: 0.5 } }, 'openFor.factor must be a number of at least 1, got 0.5'],
  [{ openFor: { initial: 1, max: 2, jitter: 1.5 } }, 'openFor.jitter must be a number from 0 to 1, got 1.5'],
  [{ openFor: { initial: 1, max: 2, base: 3 } }, "openFor has no option 'base'"],
  [{ window: { calls: 10, per: '1s' } }, "window has no option 'per'"],
  [{ halfOpen: { successes: 1.5 } }, 'halfOpen.successes must be a whole number of at least 1, got 1.5'],
  [{ halfOpen: { permits: 0 } }, 'halfOpen.permits must be a whole number of at least 1, got 0'],
  [{ on: 'ECONNRESET' }, 'on must be an error class, an array of error classes or a function, got "ECONNRESET"'],
  [{ isFailure: true }, 'isFailure must be a function, got true'],
];

test.each(bad)('%o is answered in a sentence', (options, sentence) => {
  expect(() => circuitBreaker(options)).toThrow(sentence);
});
