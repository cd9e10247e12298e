import { checkKeys, checkNumber, InvalidOptionError, type NumberBounds } from 'mulligan';

/**
 * Reads a value of a JSON file that is there. `name` is what a sentence about it calls it, such as `gateway.port`.
 * Throws an `InvalidOptionError` for a value that cannot be.
 */
export type Read<T> = (value: unknown, name: string) => T;

/** The fields of an object: each is read by what it must be, and `undefined` where it is missing. */
export type Fields<Key extends string> = <T>(key: Key, read: Read<T>) => T | undefined;

/** Reads an object that has no keys but these. The object at the top has the name `''`. */
export function fieldsOf<Key extends string>(value: unknown, name: string, keys: readonly Key[]): Fields<Key> {
  const owner = name === '' ? 'the configuration' : name;
  // What stands there instead is not shown: it may hold a password.
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw bad(name, `${owner} must be an object`);
  checkKeys(owner, value, keys);
  const fields: Partial<Record<Key, unknown>> = value;
  return (key, read) =>
    fields[key] === undefined ? undefined : read(fields[key], name === '' ? key : `${name}.${key}`);
}

export const text: Read<string> = (value, name) => {
  if (typeof value === 'string' && value !== '') return value;
  throw bad(name, `${name} must be text`);
};

export const flag: Read<boolean> = (value, name) => {
  if (typeof value === 'boolean') return value;
  throw bad(name, `${name} must be true or false`);
};

export function number(bounds: NumberBounds): Read<number> {
  return (value, name) => checkNumber(name, value, bounds);
}

/** A TCP port; 0 is any free one. */
export const port: Read<number> = number({ min: 0, max: 65_535, whole: true });

export function list<T>(read: Read<T>): Read<readonly T[]> {
  return (value, name) => {
    if (Array.isArray(value)) return value.map((item, index) => read(item, `${name}[${index}]`));
    throw bad(name, `${name} must be a list`);
  };
}

function bad(name: string, sentence: string): InvalidOptionError {
  return new InvalidOptionError(name, undefined, sentence);
}
