/** What an attempt ended with: a value or an error. `throw undefined` is an error too, hence the flag. */
export type Outcome<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly error: unknown };

/** Runs something and gives its end as data: it never throws. */
export async function settle<T>(run: () => T | PromiseLike<T>): Promise<Outcome<T>> {
  try {
    return { ok: true, value: await run() };
  } catch (error) {
    return { ok: false, error };
  }
}
