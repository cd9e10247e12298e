/** Throws with a sentence. */
export function check(isTrue: boolean, sentence: string): void {
  if (!isTrue) throw new Error(sentence);
}

/** Throws unless two values are the same in what they hold. Dates are left to their own checks. */
export function checkEqual(what: string, actual: unknown, expected: unknown): void {
  const [a, b] = [JSON.stringify(actual), JSON.stringify(expected)];
  check(a === b, `${what} must be ${b}, got ${a}`);
}

/** Throws unless two contents are the same, byte by byte. */
export function checkBytes(what: string, actual: Uint8Array, expected: Uint8Array): void {
  checkEqual(`the length of ${what}`, actual.length, expected.length);
  let at = 0;
  while (at < actual.length && actual[at] === expected[at]) at++;
  check(at === actual.length, `${what} differs at byte ${at}: ${actual[at]} instead of ${expected[at]}`);
}

/** The error that a promise is rejected with. */
export async function failureOf(what: string, promise: Promise<unknown>): Promise<unknown> {
  let value: unknown;
  try {
    value = await promise;
  } catch (error) {
    return error;
  }
  throw new Error(`${what} must be refused, got ${JSON.stringify(value)}`);
}

/** Throws unless a promise is rejected with an error of this class. */
export async function checkRefused(
  what: string,
  promise: Promise<unknown>,
  kind: abstract new (...args: never[]) => Error,
): Promise<void> {
  const error = await failureOf(what, promise);
  check(error instanceof kind, `${what} must be refused with ${kind.name}, got ${String(error)}`);
}

/** Bytes of every value, which repeat only after a long time. */
export function pattern(length: number, seed = 0): Uint8Array {
  const bytes = new Uint8Array(length);
  for (let index = 0; index < length; index++) bytes[index] = index * 31 + (index >> 8) * 17 + seed;
  return bytes;
}

/** A stream of these chunks, which can be read once. */
export async function* chunks(...parts: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  yield* parts;
}
