import { InvalidOptionError, show } from './error.ts';

/** A class of errors. */
export type ErrorClass = abstract new (...args: never[]) => unknown;

/** Which errors: an error class, several, or a function that says so. */
export type ErrorFilter = ErrorClass | readonly ErrorClass[] | ((error: unknown) => boolean);

/** Makes one function of what a caller gave for an option that names errors; a function is taken as it is. */
export function resolveErrorFilter<P extends (error: unknown, ...rest: never[]) => unknown>(
  option: string,
  filter: ErrorClass | readonly ErrorClass[] | P,
): P | ((error: unknown) => boolean) {
  if (isList(filter)) {
    const classes = filter.map((item) => checkClass(option, item));
    return (error: unknown) => classes.some((errorClass) => error instanceof errorClass);
  }
  if (isErrorClass(filter)) return (error: unknown) => error instanceof filter;
  if (typeof filter === 'function') return filter;
  const forms = 'an error class, an array of error classes or a function';
  throw new InvalidOptionError(option, filter, `${option} must be ${forms}, got ${show(filter)}`);
}

function isList(value: unknown): value is readonly unknown[] {
  return Array.isArray(value);
}

function checkClass(option: string, item: unknown): ErrorClass {
  if (isErrorClass(item)) return item;
  throw new InvalidOptionError(option, item, `${option} must hold error classes only, got ${show(item)}`);
}

/** A class cannot be told from a function by type alone; error classes all stand below `Error`. */
function isErrorClass(value: unknown): value is ErrorClass {
  if (typeof value !== 'function') return false;
  if (value === Error || value.prototype instanceof Error) return true;
  // Other classes (DOMException, a hierarchy of one's own) show themselves by their source.
  return value.prototype !== undefined && /^(?:class\b|function \w+\(\) \{ \[native code\])/.test(String(value));
}
