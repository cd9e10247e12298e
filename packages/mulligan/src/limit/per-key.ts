import { keyed, type Keyed, type KeyedOptions } from '../kernel/index.ts';

/** One limit per key, made when first asked for. Its name is the key, behind the name of them all. */
export function perKey<O extends { readonly name?: string }, P>(
  make: (options: O) => P,
  options: O,
  keyedOptions?: KeyedOptions,
): Keyed<P> {
  // What is wrong with the options is answered now, not with the first key.
  make(options);
  const prefix = options.name === undefined ? '' : `${options.name}:`;
  return keyed((key) => make({ ...options, name: prefix + key }), keyedOptions);
}
