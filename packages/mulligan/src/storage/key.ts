import { checkKeys, InvalidOptionError, show } from '../kernel/index.ts';

const mostBytes = 1024;
/** Everything that some backend cannot keep, list or tell apart. */
const rules: readonly (readonly [wrong: (key: string) => boolean, sentence: string])[] = [
  [(key) => key === '', 'must not be empty'],
  // oxlint-disable-next-line no-control-regex -- these are what it is about
  [(key) => /[\u0000-\u001F\u007F]/u.test(key), 'must not have control characters'],
  [(key) => /\p{Surrogate}/u.test(key), 'must not have half a surrogate pair'],
  [(key) => key.includes('\\'), 'must have / and not \\ between its parts'],
  [(key) => key.split('/').includes(''), 'must not begin or end with /, or have two in a row'],
  [(key) => key.split('/').some((part) => part === '.' || part === '..'), "must not have '.' or '..' as a part"],
  [(key) => new TextEncoder().encode(key).length > mostBytes, `must not be longer than ${mostBytes} bytes`],
];

/** Returns the key, or answers in a sentence why no backend would keep it. For backends of your own, too. */
export function checkKey(key: string, option = 'key'): string {
  if (typeof key !== 'string') throw new InvalidOptionError(option, key, `${option} must be text, got ${show(key)}`);
  for (const [isWrong, sentence] of rules) {
    if (isWrong(key)) throw new InvalidOptionError(option, key, `${option} ${sentence}, got ${show(key)}`);
  }
  return key;
}

/** Whether some text is a key: files of other programs may have names that are none. */
export function isKey(text: string): boolean {
  return rules.every(([isWrong]) => !isWrong(text));
}

/** Returns the metadata, or answers in a sentence what not every backend would keep. */
export function checkMetadata(metadata: Readonly<Record<string, string>> = {}): Readonly<Record<string, string>> {
  for (const [name, value] of Object.entries(metadata)) {
    if (!/^[a-z][a-z0-9_]*$/u.test(name)) {
      const message = `metadata must have names of lower-case letters, digits and _, got ${show(name)}`;
      throw new InvalidOptionError('metadata', name, message);
    }
    if (typeof value !== 'string' || !/^[\u0021-\u007E](?:[\u0020-\u007E]*[\u0021-\u007E])?$/u.test(value)) {
      const message = `metadata must have values of printable ASCII without spaces around them, got ${show(value)}`;
      throw new InvalidOptionError('metadata', value, message);
    }
  }
  return metadata;
}

const putOptions = ['contentType', 'metadata', 'multipart', 'onProgress', 'signal'];

/** Answers options that `put` does not have. */
export function checkPut(key: string, options: object): void {
  checkKey(key);
  checkKeys('put', options, putOptions);
}
