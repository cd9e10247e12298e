import { checkKeys, checkNumber, type Duration, InvalidOptionError, show, toMs } from '../kernel/index.ts';

/**
 * How chance changes a wait. No kind exceeds the backoff's `max`, unless `mayExceedMax` says so.
 *
 * - `'none'`: not at all
 * - `'full'`: anything from 0 to the wait (AWS Builders' Library)
 * - `'equal'`: half of the wait, and anything up to the other half
 * - `{ plusMinus: 0.25 }`: up to a quarter more or less
 * - `{ add: 1000 }`: up to a second more, added before the cap (stamina)
 * - `'decorrelated'`: from the initial wait to three times the wait before (AWS); the first is `'full'`
 */
export type Jitter = 'none' | 'full' | 'equal' | 'decorrelated' | PlusMinusJitter | AddJitter;

/** See {@link Jitter}. */
export interface PlusMinusJitter {
  /** The share of the wait, from 0 to 1. */
  readonly plusMinus: number;
  /** Lets the wait exceed `max` by that share, as the storage seed does. Default false. */
  readonly mayExceedMax?: boolean;
}

/** See {@link Jitter}. */
export interface AddJitter {
  readonly add: Duration;
}

/** What a jitter works on; all in milliseconds. */
export interface JitterInput {
  /** The wait by the formula, before the cap. */
  readonly rawMs: number;
  readonly initialMs: number;
  readonly maxMs: number;
  /** The wait before this one; `undefined` on the first retry. */
  readonly previousMs: number | undefined;
  readonly random: () => number;
}

/** A jitter, checked once and ready to be applied. Pure but for the injected chance. */
export type ApplyJitter = (input: JitterInput) => number;

const named: Record<'none' | 'full' | 'equal' | 'decorrelated', ApplyJitter> = {
  none: ({ rawMs, maxMs }) => cap(rawMs, maxMs),
  full: ({ rawMs, maxMs, random }) => cap(rawMs, maxMs) * random(),
  equal: ({ rawMs, maxMs, random }) => cap(rawMs, maxMs) * (0.5 + random() / 2),
  decorrelated({ initialMs, maxMs, previousMs, random }) {
    if (previousMs === undefined) return cap(initialMs, maxMs) * random();
    return cap(initialMs + (3 * previousMs - initialMs) * random(), maxMs);
  },
};

/** Checks a jitter and makes it ready. */
export function resolveJitter(jitter: Jitter): ApplyJitter {
  if (typeof jitter === 'string' && Object.hasOwn(named, jitter)) return named[jitter];
  if (typeof jitter === 'object' && jitter !== null && 'add' in jitter) return additive(jitter);
  if (typeof jitter === 'object' && jitter !== null && 'plusMinus' in jitter) return plusMinus(jitter);
  const kinds = `'none', 'full', 'equal', 'decorrelated', { plusMinus: 0.25 } or { add: 1000 }`;
  throw new InvalidOptionError('jitter', jitter, `jitter must be ${kinds}, got ${show(jitter)}`);
}

function additive(jitter: AddJitter): ApplyJitter {
  checkKeys('jitter', jitter, ['add']);
  const addMs = toMs(jitter.add, 'jitter.add');
  return ({ rawMs, maxMs, random }) => cap(rawMs + addMs * random(), maxMs);
}

function plusMinus(jitter: PlusMinusJitter): ApplyJitter {
  checkKeys('jitter', jitter, ['plusMinus', 'mayExceedMax']);
  const share = checkNumber('jitter.plusMinus', jitter.plusMinus, { min: 0, max: 1 });
  const { mayExceedMax = false } = jitter;
  return ({ rawMs, maxMs, random }) => {
    const waitMs = cap(rawMs, maxMs) * (1 - share + 2 * share * random());
    return mayExceedMax ? waitMs : Math.min(waitMs, maxMs);
  };
}

/** Overflow yields the cap: `Infinity` and `NaN` (from `0 * Infinity`) are what a formula too large looks like. */
export function cap(rawMs: number, maxMs: number): number {
  return rawMs <= maxMs ? Math.max(rawMs, 0) : maxMs;
}
