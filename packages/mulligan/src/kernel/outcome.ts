/** What an attempt ended with: a value or an error. `throw undefined` is an error too, hence the flag. */
export type Outcome<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: unknown };

/** Runs something and gives its end as data: it never throws. */
export function settle<T>(run: () => T | PromiseLike<T>): Promise<Outcome<T>> {
  try {
    return Promise.resolve(run()).then(succeeded, failed);
  } catch (error) {
    return Promise.resolve(failed(error));
  }
}

/** As {@link settle}, for what blocks. */
export function settleSync<T>(run: () => T): Outcome<T> {
  try {
    return { ok: true, value: run() };
  } catch (error) {
    return { ok: false, error };
  }
}

function succeeded<T>(value: T): Outcome<T> {
  return { ok: true, value };
}

function failed(error: unknown): { readonly ok: false; readonly error: unknown } {
  return { ok: false, error };
}

/** The value, or throws the error: the opposite of {@link settle}. */
export function unwrap<T>(outcome: Outcome<T>): T {
  if (outcome.ok) return outcome.value;
  throw outcome.error;
}
