import { readFileSync } from 'node:fs';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { type Duration, type RetryDetails, setOnRetryHooks, setTesting, systemWorld } from '../kernel/index.ts';
import { calculateDelay, type Jitter, retry, type RetryOptions } from '../retry/index.ts';
import { failure, recorder, script, value, virtualWorld } from '../testing/index.ts';
import { client, fromager, litestar, proxywhirl, stamina } from './index.ts';

type Vector = { readonly id: string } & Record<string, never>;
type Vectors = Record<string, readonly Vector[]>;

const vectors = JSON.parse(readFileSync(new URL('vectors.json', import.meta.url), 'utf8')) as Vectors;

/** What a vector says, by its id. */
function vector(id: string): unknown {
  const found = Object.values(vectors)
    .flatMap((group) => (Array.isArray(group) ? group : []))
    .find((each) => each.id === id);
  if (found === undefined) throw new Error(`there is no vector ${id}`);
  return found;
}

interface Run {
  /** What chance draws, from 0 to 1. */
  readonly drawn?: number;
  /** How many attempts fail before one succeeds. */
  readonly failFirst?: number;
  readonly attemptCostSeconds?: number;
  readonly message?: string;
  readonly name?: string;
}

/** Runs a call on virtual time, and tells in seconds what happened. */
async function run(options: RetryOptions, given: Run = {}) {
  const { drawn = 0, failFirst = Number.POSITIVE_INFINITY, attemptCostSeconds = 0, message = 'socket hang up' } = given;
  const world = virtualWorld({ seed: () => drawn });
  const log = recorder();
  const error = Object.assign(new Error(message), { code: 'ECONNRESET' });
  const fails = failure(error, attemptCostSeconds * 1000);
  const outcomes = Array.from({ length: Math.min(failFirst, 1000) }, () => fails);
  const operation = script(failFirst < 1000 ? [...outcomes, value('ok')] : outcomes, { world });
  const onEvent: RetryOptions['onEvent'] = (event) => {
    log(event);
    options.onEvent?.(event);
  };
  const call = retry(operation, { ...options, world, onEvent, name: given.name ?? 'operation' });
  const thrown: unknown = await world.run(
    call.then(
      () => undefined,
      (reason: unknown) => reason,
    ),
  );
  return {
    calls: operation.calls,
    sleeps: log.waitsMs.map((ms) => ms / 1000),
    elapsed: world.now() / 1000,
    thrown,
    error,
  };
}

const close = (actual: readonly number[], expected: readonly number[]): void => {
  expect(actual).toHaveLength(expected.length);
  for (const [index, seconds] of expected.entries()) expect(actual[index]).toBeCloseTo(seconds, 9);
};

const seconds = (amount: number): Duration => ({ seconds: amount });

/** Keeps the lines as the vectors have them. */
function lines() {
  const written: [string, string][] = [];
  const log = {
    warn: (line: string) => void written.push(['WARNING', line]),
    error: (line: string) => void written.push(['ERROR', line]),
    info: (line: string) => void written.push(['INFO', line]),
  };
  return { written, log };
}

afterEach(() => {
  setTesting(false);
  setOnRetryHooks(null);
});

describe('fromager', () => {
  interface Decorator {
    args: { max_attempts: number; backoff_factor: number; max_backoff: number };
    U: number;
    fail_first: number | 'always';
    expect: { sleeps: number[]; calls?: number };
  }
  test.each(['F1', 'F3'])('%s: the decorator', async (id) => {
    const { args, U: drawn, fail_first: failFirst, expect: expected } = vector(id) as Decorator;
    const options = fromager.onException({
      maxAttempts: args.max_attempts,
      backoffFactor: args.backoff_factor,
      maxBackoff: seconds(args.max_backoff),
    });
    const { sleeps, calls } = await run(options, { drawn, ...(failFirst !== 'always' && { failFirst }) });
    close(sleeps, expected.sleeps);
    if (expected.calls !== undefined) expect(calls).toBe(expected.calls);
  });

  interface Adapter {
    total: number;
    backoff_factor: number;
    U: number;
    expect: { sleeps: number[] };
  }
  test('F5: the session, after a status', async () => {
    const { total, backoff_factor: factor, U: drawn, expect: expected } = vector('F5') as Adapter;
    close((await run(fromager.status(total, factor), { drawn })).sleeps, expected.sleeps);
  });

  test('F5b: the session, after a failure of the network, whatever its factor', async () => {
    const { total, U: drawn, expect: expected } = vector('F5b') as Adapter;
    close((await run(fromager.network(total), { drawn })).sleeps, expected.sleeps);
  });
});

describe('client', () => {
  interface Delay {
    args: { initial: number; base: number; max: number; jitter: boolean };
  }
  const delay = (args: Delay['args'], attempt: number, drawn = 0.5): number =>
    calculateDelay(attempt, {
      initial: seconds(args.initial),
      factor: args.base,
      max: seconds(args.max),
      jitter: args.jitter ? 'full' : 'none',
      world: { random: () => drawn },
    }) / 1000;

  test('C1: calculate_delay counts from attempt 0', () => {
    const { args, expect: expected } = vector('C1') as Delay & { expect: Record<string, number> };
    for (const [attempt, wait] of Object.entries(expected)) expect(delay(args, Number(attempt))).toBe(wait);
  });

  test('C3: with jitter, anything up to the delay', () => {
    const { args, k, expect_range: range } = vector('C3') as Delay & { k: number; expect_range: number[] };
    expect(delay(args, k, 0)).toBe(range[0]);
    expect(delay(args, k, 1)).toBe(range[1]);
  });

  test('C5: three times as long each time, and never above the cap', () => {
    const { args, expect_series: series } = vector('C5') as Delay & { expect_series: number[] };
    close(
      series.map((_, attempt) => delay(args, attempt)),
      series,
    );
  });

  test('C6: three retries are four calls', async () => {
    const { max_retries: maxRetries, expect: expected } = vector('C6') as {
      max_retries: number;
      expect: { calls: number; sleeps: number[] };
    };
    const { calls, sleeps, thrown, error } = await run(client.retryConfig({ maxRetries, jitter: false }));
    expect(calls).toBe(expected.calls);
    close(sleeps, expected.sleeps);
    expect(thrown).toBe(error);
  });

  test('C14: the lines of the log', async () => {
    const {
      fn,
      message,
      expect_logs: expected,
    } = vector('C14') as { fn: string; message: string; expect_logs: string[][] };
    const { written, log } = lines();
    const options = { ...client.retryConfig({ jitter: false }), onEvent: client.logLines(log) };
    await run(options, { name: fn, message });
    expect(written).toEqual(expected);
  });
});

describe('proxywhirl', () => {
  interface Delays {
    strategy: 'exponential' | 'linear' | 'fixed';
    base: number;
    multiplier?: number;
    cap: number;
    expect: number[];
  }
  test.each(['P2', 'P3', 'P4'])('%s: the waits of a strategy', async (id) => {
    const { strategy, base, multiplier, cap, expect: expected } = vector(id) as Delays;
    const options = proxywhirl.retryPolicy({
      maxAttempts: expected.length + 1,
      backoffStrategy: strategy,
      baseDelay: seconds(base),
      maxBackoffDelay: seconds(cap),
      ...(multiplier !== undefined && { multiplier }),
    });
    close((await run(options)).sleeps, expected);
  });

  test('P5: jitter is half more or less', async () => {
    const { base, expect_range: range } = vector('P5') as { base: number; expect_range: number[] };
    const options = proxywhirl.retryPolicy({ maxAttempts: 2, baseDelay: seconds(base), jitter: true });
    expect((await run(options, { drawn: 0 })).sleeps).toEqual([range[0]]);
    close((await run(options, { drawn: 1 - 1e-12 })).sleeps, [range[1]!]);
  });

  test('P6: decorrelated jitter', () => {
    const { cases } = vector('P6') as {
      cases: { base: number; prev: number | null; cap: number; range: [number, number] }[];
    };
    for (const { base, prev, cap, range } of cases) {
      const { backoff } = proxywhirl.retryPolicy({
        baseDelay: seconds(base),
        maxBackoffDelay: seconds(cap),
        jitter: 'decorrelated',
      });
      const wait = (drawn: number): number =>
        backoff!(prev === null ? 1 : 2, prev === null ? undefined : prev * 1000, () => drawn) / 1000;
      expect([wait(0), wait(1)]).toEqual(range);
    }
  });

  interface Timeout {
    max_attempts: number;
    base: number;
    timeout: number;
    attempt_cost: number;
    expect: { sleeps: number[]; error_contains?: string; calls?: number };
  }
  test.each([
    ['P16', 'shorten'],
    ['P16b', 'fail'],
  ] as const)('%s: what a wait that does not fit into the timeout does (%s)', async (id, ifWaitDoesNotFit) => {
    const given = vector(id) as Timeout;
    const options = proxywhirl.retryPolicy({
      maxAttempts: given.max_attempts,
      baseDelay: seconds(given.base),
      timeout: seconds(given.timeout),
      ifWaitDoesNotFit,
    });
    const { sleeps, calls, thrown, error } = await run(options, { attemptCostSeconds: given.attempt_cost });
    close(sleeps, given.expect.sleeps);
    expect(calls).toBe(given.expect.calls ?? 1);
    expect(thrown).toMatchObject({ code: 'MULLIGAN_PROXY_CONNECTION', cause: error });
    if (given.expect.error_contains !== undefined) {
      expect((thrown as Error).message).toContain(given.expect.error_contains);
    }
  });
});

describe('litestar', () => {
  const noJitter = litestar.retryConfig({ maxRetries: 4, jitter: false });

  test('L2: the delays without jitter', async () => {
    close((await run(noJitter)).sleeps, (vector('L2') as { expect_series: number[] }).expect_series);
  });

  test('L3: the shortest delays with jitter, up to the cap', async () => {
    const { r: drawn, expect_series: series } = vector('L3') as { r: number; expect_series: number[] };
    close((await run(litestar.retryConfig({ maxRetries: series.length }), { drawn })).sleeps, series);
  });

  test('L5: two retries are three calls, and the last error is thrown', async () => {
    const { max_retries: maxRetries, expect: expected } = vector('L5') as {
      max_retries: number;
      expect: { calls: number };
    };
    const { calls, thrown, error } = await run(litestar.retryConfig({ maxRetries }));
    expect(calls).toBe(expected.calls);
    expect(thrown).toBe(error);
  });

  test('L9: the lines of the log', async () => {
    const {
      fn,
      message,
      expect_logs: expected,
    } = vector('L9') as { fn: string; message: string; expect_logs: string[][] };
    const { written, log } = lines();
    await run({ ...litestar.retryConfig({ jitter: false }), onEvent: litestar.logLines(log) }, { name: fn, message });
    expect(written).toEqual(expected);
  });
});

describe('stamina', () => {
  interface Arguments {
    attempts?: number | null;
    timeout?: number | null;
    wait_initial?: number;
    wait_max?: number;
    wait_jitter?: number;
    wait_exp_base?: number;
    wait_initial_ms?: number;
    wait_max_ms?: number;
    wait_jitter_ms?: number;
  }
  interface Expected {
    calls?: number;
    sleeps?: number[];
    elapsed?: number;
    details_first3?: number[][];
    details_last?: number[];
  }
  interface Given {
    args: Arguments;
    U?: number;
    attempt_cost?: number;
    hook?: number;
    expect: Expected;
  }
  const optionsOf = (args: Arguments, on: RetryOptions['on'] = Error): RetryOptions => {
    const wait = (inSeconds: number | undefined, inMs: number | undefined): Duration | undefined =>
      inMs ?? (inSeconds === undefined ? undefined : seconds(inSeconds));
    const entries = {
      on,
      attempts: args.attempts,
      timeout: typeof args.timeout === 'number' ? args.timeout * 1000 : args.timeout,
      waitInitial: wait(args.wait_initial, args.wait_initial_ms),
      waitMax: wait(args.wait_max, args.wait_max_ms),
      waitJitter: wait(args.wait_jitter, args.wait_jitter_ms),
      waitExpBase: args.wait_exp_base,
    };
    return stamina.options(
      Object.fromEntries(Object.entries(entries).filter(([, entry]) => entry !== undefined)) as never,
    );
  };

  test.each(['S1', 'S5', 'S5b', 'S8', 'S10', 'S11', 'S12b'])('%s: waits, calls and time', async (id) => {
    const { args, U: drawn = 0, attempt_cost: attemptCostSeconds = 0, hook, expect: expected } = vector(id) as Given;
    const details: RetryDetails[] = [];
    setOnRetryHooks([(each) => void details.push(each)]);
    const on = hook === undefined ? Error : () => seconds(hook);
    const { sleeps, calls, elapsed } = await run(optionsOf(args, on), { drawn, attemptCostSeconds });
    if (expected.sleeps !== undefined) close(sleeps, expected.sleeps);
    if (expected.calls !== undefined) expect(calls).toBe(expected.calls);
    if (expected.elapsed !== undefined) expect(elapsed).toBeCloseTo(expected.elapsed, 9);
    const told = details.map(({ retryNum, waitFor, waitedSoFar }) => [retryNum, waitFor / 1000, waitedSoFar / 1000]);
    for (const [index, detail] of (expected.details_first3 ?? []).entries()) close(told[index]!, detail);
    if (expected.details_last !== undefined) close(told.at(-1)!, expected.details_last);
  });

  test('S3: less than one attempt and less than no time are one try', async () => {
    const { cases, expect: expected } = vector('S3') as {
      cases: (Arguments & { warns?: boolean })[];
      expect: Expected;
    };
    for (const { warns = false, ...args } of cases) {
      const warn = vi.spyOn(console, 'warn').mockImplementation(() => {});
      const { calls } = await run(optionsOf(args));
      expect(calls).toBe(expected.calls);
      expect(warn).toHaveBeenCalledTimes(warns ? 1 : 0);
      warn.mockRestore();
    }
  });

  test('S15: a formula too large for a number gives the longest wait', () => {
    const {
      n,
      wait_max: waitMax,
      expect: expected,
    } = vector('S15') as { n: number[]; wait_max: number; expect: number };
    const { backoff } = optionsOf({ wait_max: waitMax });
    for (const attempt of n) expect(backoff!(attempt, undefined, systemWorld.random) / 1000).toBe(expected);
  });

  test('S18: the testing mode', async () => {
    interface Case {
      attempts: number;
      cap: boolean;
      user: number | null;
      calls: number;
    }
    for (const { attempts, cap, user, calls } of (vector('S18') as { testing: Case[] }).testing) {
      setTesting(true, { attempts, cap });
      expect((await run(optionsOf({ attempts: user }))).calls).toBe(calls);
    }
  });
});

test('jitter of all five systems, beside each other, for a wait of 4 s at the cap of 5 s', () => {
  const jitters: Record<string, Jitter> = {
    fromager: { add: '1s' },
    client: 'full',
    proxywhirl: { plusMinus: 0.5 },
    litestar: { plusMinus: 0.25, mayExceedMax: true },
    stamina: { add: '1s' },
  };
  const most = Object.entries(jitters).map(([name, jitter]) => [
    name,
    calculateDelay(0, { initial: '4s', max: '5s', jitter, world: { random: () => 1 } }),
  ]);
  expect(Object.fromEntries(most)).toEqual({
    fromager: 5000,
    client: 4000,
    proxywhirl: 5000,
    litestar: 5000,
    stamina: 5000,
  });
});
