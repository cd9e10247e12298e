import { checkFunction, checkNumber } from './check.ts';

/** One thing per key, such as a budget per host, made when first asked for. */
export interface Keyed<T> {
  /** How many keys are remembered. */
  readonly size: number;
  for(key: string): T;
}

/** Options of {@link keyed}. */
export interface KeyedOptions {
  /** How many keys are remembered; the one that was asked for longest ago is forgotten first. Default 10 000. */
  readonly maxKeys?: number;
}

/** Makes a thing per key, and never more of them than `maxKeys`: keys may come from strangers. */
export function keyed<T>(make: (key: string) => T, { maxKeys = 10_000 }: KeyedOptions = {}): Keyed<T> {
  checkFunction('make', make);
  checkNumber('maxKeys', maxKeys, { min: 1, whole: true });
  const things = new Map<string, { readonly thing: T }>();
  let newest: string | undefined;
  return {
    get size() {
      return things.size;
    },
    for(key) {
      const known = things.get(key);
      if (known !== undefined && key === newest) return known.thing;
      const entry = known ?? { thing: make(key) };
      // A Map keeps the order in which keys were set: the first is the one that was asked for longest ago.
      things.delete(key);
      if (things.size >= maxKeys) things.delete(things.keys().next().value as string);
      things.set(key, entry);
      newest = key;
      return entry.thing;
    },
  };
}
