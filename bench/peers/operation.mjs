/** What every failing operation fails with: a transient failure, made once, so that no stack trace is measured. */
export const failure = Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' });

/** An operation that succeeds, and counts how often it was run. */
export function succeeding() {
  let runs = 0;
  const operation = async () => {
    runs++;
    return 1;
  };
  return { operation, ran: () => runs };
}

/**
 * An operation that fails so many times, then succeeds, over and over, and counts how often it was run.
 *
 * @param {number} failures
 */
export function failing(failures) {
  let runs = 0;
  let left = failures;
  const operation = async () => {
    runs++;
    if (left > 0) {
      left--;
      throw failure;
    }
    left = failures;
    return 1;
  };
  return { operation, ran: () => runs };
}
