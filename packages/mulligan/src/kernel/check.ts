import { type Duration, toMs } from './duration.ts';
import { InvalidOptionError, show } from './error.ts';

/** Bounds of a number option; both ends are allowed values. */
export interface NumberBounds {
  readonly min?: number;
  readonly max?: number;
  /** Only whole numbers; `Infinity` counts as whole. */
  readonly whole?: boolean;
}

function rangeInWords({ min, max }: NumberBounds): string {
  if (min !== undefined && max !== undefined) return ` from ${min} to ${max}`;
  if (min !== undefined) return ` of at least ${min}`;
  return max === undefined ? '' : ` of at most ${max}`;
}

/** Returns the number, or answers in a sentence such as `attempts must be a whole number of at least 1, got 2.5`. */
export function checkNumber(option: string, value: unknown, bounds: NumberBounds = {}): number {
  const { min = Number.NEGATIVE_INFINITY, max = Number.POSITIVE_INFINITY, whole = false } = bounds;
  const isNumber = typeof value === 'number' && value >= min && value <= max;
  if (isNumber && (!whole || Number.isInteger(value) || value === Number.POSITIVE_INFINITY)) return value;
  const kind = whole ? 'a whole number' : 'a number';
  throw new InvalidOptionError(option, value, `${option} must be ${kind}${rangeInWords(bounds)}, got ${show(value)}`);
}

/** Returns the duration in milliseconds, at least `minMs`. */
export function checkDuration(option: string, value: Duration, minMs = 0): number {
  const ms = toMs(value, option);
  if (ms >= minMs) return ms;
  throw new InvalidOptionError(option, value, `${option} must be at least ${minMs} ms, got ${show(value)}`);
}

/** Returns the value if it is one of the choices. */
export function checkOneOf<T extends string>(option: string, value: unknown, choices: readonly T[]): T {
  if (choices.includes(value as T)) return value as T;
  const list = choices.map((choice) => `'${choice}'`).join(', ');
  throw new InvalidOptionError(option, value, `${option} must be one of ${list}, got ${show(value)}`);
}

/** Returns the function, or answers in a sentence. */
export function checkFunction<F>(option: string, value: F): F {
  if (typeof value === 'function') return value;
  throw new InvalidOptionError(option, value, `${option} must be a function, got ${show(value)}`);
}

/** Answers a misspelt option: nothing a caller wrote is dropped in silence. */
export function checkKeys(owner: string, options: object, known: readonly string[]): void {
  if (typeof options !== 'object' || options === null || Array.isArray(options)) {
    throw new InvalidOptionError(owner, options, `${owner} takes an object of options, got ${show(options)}`);
  }
  for (const key of Object.keys(options)) {
    if (known.includes(key)) continue;
    const near = known.find((candidate) => isNear(candidate.toLowerCase(), key.toLowerCase()));
    const advice = near === undefined ? `it knows ${known.join(', ')}` : `did you mean '${near}'?`;
    throw new InvalidOptionError(key, Reflect.get(options, key), `${owner} has no option '${key}': ${advice}`);
  }
}

/** Whether one word becomes the other by at most two letters added, lost or changed. */
function isNear(a: string, b: string): boolean {
  if (Math.abs(a.length - b.length) > 2) return false;
  let row = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return (row[b.length] ?? 0) <= 2;
}
