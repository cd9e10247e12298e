import { checkDuration, checkKeys, checkNumber, type Duration } from '../kernel/index.ts';
import { breakerDefaults, type BreakerSettings, type GrowingOpenFor } from './options.ts';

/** How long a breaker stays open. */
export interface OpenForPlan {
  /** @param openings how many times it has opened without closing in between, from 1 */
  readonly openForMs: (openings: number, cause: unknown) => number;
  /** The first opening, with nothing left to chance. */
  readonly firstOpenForMs: number;
}

/** Checks `openFor`. A function is asked once at this point, so that a bad answer shows at once. */
export function planOpenFor(openFor: BreakerSettings['openFor'], random: () => number): OpenForPlan {
  if (typeof openFor === 'function') {
    const openForMs = (openings: number, cause: unknown): number => check(openFor(openings, cause));
    return { openForMs, firstOpenForMs: openForMs(1, undefined) };
  }
  if (isGrowing(openFor)) return growing(openFor, random);
  const ms = check(openFor ?? breakerDefaults.openForMs);
  return { openForMs: () => ms, firstOpenForMs: ms };
}

function check(value: Duration): number {
  return checkDuration('openFor', value, 1);
}

function isGrowing(openFor: Duration | GrowingOpenFor | undefined): openFor is GrowingOpenFor {
  return typeof openFor === 'object' && ('initial' in openFor || 'max' in openFor);
}

function growing(given: GrowingOpenFor, random: () => number): OpenForPlan {
  checkKeys('openFor', given, ['initial', 'factor', 'max', 'jitter']);
  const initialMs = checkDuration('openFor.initial', given.initial, 1);
  const maxMs = checkDuration('openFor.max', given.max, initialMs);
  const factor = checkNumber('openFor.factor', given.factor ?? 2, { min: 1 });
  const jitter = checkNumber('openFor.jitter', given.jitter ?? 0, { min: 0, max: 1 });
  // An overflow yields the maximum.
  const nominalMs = (openings: number): number => Math.min(initialMs * factor ** (openings - 1), maxMs);
  return {
    openForMs: (openings) => nominalMs(openings) * (jitter === 0 ? 1 : 1 - jitter * random()),
    firstOpenForMs: initialMs,
  };
}
