import { type ConfigJson, type PolicyJson, policyRanges, strategyNames } from '@mulligan/proxy';
import { expect, test } from 'vitest';
import { changesOf, draftOf, isOutOfRange, problemsFromApi, problemsOf, scheduledPolicy } from './draft.ts';
import { settingFields } from './setting-fields.ts';
import type { Settings } from './state.ts';

const policy: PolicyJson = {
  max_attempts: 3,
  backoff_strategy: 'exponential',
  base_delay: 1,
  multiplier: 2,
  max_backoff_delay: 30,
  jitter: false,
  retry_status_codes: [502, 503],
  timeout: null,
  retry_non_idempotent: false,
  updated_at: '2030-01-01T00:00:00.000Z',
};
const settings: Settings = {
  policy,
  config: {
    retry_policy: policy,
    circuit_breaker: { failure_threshold: 5, window_duration: 60, timeout_duration: 30 },
    strategy: 'power-of-two-choices',
    retry_strategy: 'best-score',
    direct: false,
  } as ConfigJson,
};
const draft = draftOf(settings);

test('the ranges of the form are those of the policy', () => {
  const ranges = Object.fromEntries(settingFields.policy.map(({ name, range }) => [name, range]));
  const { maxAttempts, baseDelay, multiplier, maxBackoffDelay, timeout } = policyRanges;
  expect(ranges).toMatchObject({
    max_attempts: maxAttempts,
    base_delay: baseDelay,
    multiplier,
    max_backoff_delay: maxBackoffDelay,
    timeout,
  });
});

test('every strategy can be chosen', () => {
  for (const { options = [] } of settingFields.choice) {
    expect(options.map(({ value }) => value).sort()).toEqual([...strategyNames].sort());
  }
});

test('a form that nobody touched changes nothing', () => {
  expect(changesOf(draft, settings)).toEqual({ policy: {}, config: {}, count: 0 });
  expect(problemsOf(draft)).toEqual({});
});

test('what was changed is sent, each to its route, and as what it is', () => {
  const changed = {
    ...draft,
    max_attempts: '5',
    timeout: '12.5',
    jitter: 'decorrelated',
    retry_status_codes: '429 503,504',
    retry_non_idempotent: 'true',
    window_duration: '10',
    strategy: 'random',
  };
  expect(changesOf(changed, settings)).toEqual({
    policy: {
      max_attempts: 5,
      timeout: 12.5,
      jitter: 'decorrelated',
      retry_status_codes: [429, 503, 504],
      retry_non_idempotent: true,
    },
    config: { strategy: 'random', circuit_breaker: { window_duration: 10 } },
    count: 7,
  });
});

test('a limit is taken away by emptying its field', () => {
  const limited = { ...settings, policy: { ...policy, timeout: 5 } };
  expect(changesOf({ ...draftOf(limited), timeout: ' ' }, limited).policy).toEqual({ timeout: null });
});

test('what is no number, and no list of codes, is said at once', () => {
  expect(Object.keys(problemsOf({ ...draft, base_delay: '', multiplier: 'two', retry_status_codes: '50x' }))).toEqual([
    'multiplier',
    'base_delay',
    'retry_status_codes',
  ]);
});

test.each([
  ['max_attempts', '11', true],
  ['max_attempts', '2.5', true],
  ['max_attempts', '10', false],
  ['base_delay', '0.05', true],
  ['timeout', '', false],
  ['backoff_strategy', 'linear', false],
] as const)('%s of %j is out of range: %s', (name, text, expected) => {
  const field = settingFields.policy.find((each) => each.name === name)!;
  expect(isOutOfRange(field, text)).toBe(expected);
});

test('the schedule is drawn of what can be a policy, and of nothing else', () => {
  expect(scheduledPolicy({ ...draft, max_attempts: '4' })).toMatchObject({ max_attempts: 4, base_delay: 1 });
  expect(scheduledPolicy({ ...draft, max_attempts: '11' })).toBeUndefined();
  expect(scheduledPolicy({ ...draft, base_delay: '' })).toBeUndefined();
});

test('the sentences of the API find their fields', () => {
  const sentences = {
    'circuit_breaker.window_duration': 'a',
    'retry_status_codes[1]': 'b',
    base_delay: 'c',
    other: 'd',
  };
  expect(problemsFromApi(sentences)).toEqual({ window_duration: 'a', retry_status_codes: 'b', base_delay: 'c' });
});
