import {
  checkFunction,
  checkKeys,
  checkNumber,
  type Duration,
  InvalidOptionError,
  show,
  toMs,
} from '../kernel/index.ts';
import { type ApplyJitter, cap, type Jitter, resolveJitter } from './jitter.ts';

/** The wait before a retry, in milliseconds. `retry` counts from 1; `previousMs` is the wait before this one. */
export type BackoffFunction = (retry: number, previousMs: number | undefined, random: () => number) => number;

/** A schedule of waits. Make one with {@link exponential} and its siblings, or give a {@link BackoffFunction}. */
export interface Backoff extends BackoffFunction {
  /** The wait before this retry without jitter: what `nextWaitMs` of an attempt shows. */
  readonly nominalMs: (retry: number) => number;
}

/** What all backoffs share. */
export interface BackoffOptions {
  /** The first wait. Default 100 ms. */
  readonly initial?: Duration;
  /** No wait is longer. Default 20 s. */
  readonly max?: Duration;
  /** Default `'full'`: what spreads callers out best. */
  readonly jitter?: Jitter;
}

/** Options of {@link exponential}. */
export interface ExponentialOptions extends BackoffOptions {
  /** By what each wait is multiplied, at least 1. Default 2. */
  readonly factor?: number;
}

/** Options of {@link constant}. */
export interface ConstantOptions {
  readonly jitter?: Jitter;
}

const defaults = { initial: 100, max: 20_000, factor: 2, jitter: 'full' } as const;
const keys = ['initial', 'max', 'jitter'];

/** A formula for the wait before retry `retry` (from 1), in units of the initial wait. */
type Growth = (retry: number) => number;

function schedule(owner: string, options: BackoffOptions, growth: Growth, jitter: ApplyJitter): Backoff {
  const initialMs = toMs(options.initial ?? defaults.initial, `${owner}.initial`);
  const maxMs = toMs(options.max ?? defaults.max, `${owner}.max`);
  const rawMs = (retry: number): number => initialMs * growth(retry);
  const wait: BackoffFunction = (retry, previousMs, random) =>
    jitter({ rawMs: rawMs(retry), initialMs, maxMs, previousMs, random });
  return Object.assign(wait, { nominalMs: (retry: number) => cap(rawMs(retry), maxMs) });
}

/** `initial · factor^(retry-1)`, at most `max`. The default backoff. */
export function exponential(options: ExponentialOptions = {}): Backoff {
  checkKeys('exponential', options, [...keys, 'factor']);
  const factor = checkNumber('exponential.factor', options.factor ?? defaults.factor, { min: 1 });
  const jitter = resolveJitter(options.jitter ?? defaults.jitter);
  return schedule('exponential', options, (retry) => factor ** (retry - 1), jitter);
}

/** `initial · retry`, at most `max`. */
export function linear(options: BackoffOptions = {}): Backoff {
  checkKeys('linear', options, keys);
  return schedule('linear', options, (retry) => retry, resolveJitter(options.jitter ?? defaults.jitter));
}

/** Always the same wait. Without jitter unless asked for. */
export function constant(wait: Duration, options: ConstantOptions = {}): Backoff {
  checkKeys('constant', options, ['jitter']);
  const jitter = resolveJitter(options.jitter ?? 'none');
  return schedule('constant', { initial: wait, max: wait }, () => 1, jitter);
}

/** `initial` times 1, 1, 2, 3, 5, 8 …, at most `max`. */
export function fibonacci(options: BackoffOptions = {}): Backoff {
  checkKeys('fibonacci', options, keys);
  const jitter = resolveJitter(options.jitter ?? defaults.jitter);
  return schedule('fibonacci', options, fibonacciNumber, jitter);
}

function fibonacciNumber(index: number): number {
  let [before, current] = [0, 1];
  for (let i = 1; i < index && Number.isFinite(current); i++) [before, current] = [current, before + current];
  return current;
}

/** From `initial` to three times the wait before, at most `max` (AWS). The same as jitter `'decorrelated'`. */
export function decorrelated(options: Omit<BackoffOptions, 'jitter'> = {}): Backoff {
  checkKeys('decorrelated', options, ['initial', 'max']);
  return schedule('decorrelated', options, (retry) => 2 ** (retry - 1), resolveJitter('decorrelated'));
}

/** Makes a {@link Backoff} of what a caller gave; a function's results are checked at each use. */
export function resolveBackoff(backoff: Backoff | BackoffFunction): Backoff {
  checkFunction('backoff', backoff);
  if ('nominalMs' in backoff) return backoff;
  const wait: BackoffFunction = (retry, previousMs, random) => checked(backoff(retry, previousMs, random));
  // Without chance: what a function draws by lot is jitter, and jitter is not part of the nominal wait.
  return Object.assign(wait, { nominalMs: (retry: number) => checked(backoff(retry, undefined, () => 0)) });
}

function checked(waitMs: unknown): number {
  if (typeof waitMs === 'number' && waitMs >= 0) return waitMs;
  throw new InvalidOptionError('backoff', waitMs, `backoff must return a wait of at least 0 ms, got ${show(waitMs)}`);
}
