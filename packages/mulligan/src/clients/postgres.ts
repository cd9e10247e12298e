import { isTransient } from '../kernel/index.ts';

/**
 * SQLSTATEs of failures that pass by themselves (PostgreSQL, appendix A): the connection broke or could not be made,
 * the server is full, starting or stopping, or two transactions stood in each other's way.
 */
const transientStates: ReadonlySet<string> = new Set([
  '40001', // serialization_failure
  '40P01', // deadlock_detected
  '53300', // too_many_connections
  '57P01', // admin_shutdown
  '57P02', // crash_shutdown
  '57P03', // cannot_connect_now
  '55P03', // lock_not_available
]);

/** What the `pg` client says without a code when its connection goes away. */
const lostConnection =
  /^(?:Connection terminated|Client has encountered a connection error|timeout exceeded when trying to connect|timeout expired)/;

/**
 * Whether a failure of a PostgreSQL client passes by itself: by its SQLSTATE (`08…`, `40001`, `40P01`, `53300`,
 * `55P03`, `57P01` to `57P03`), or because the connection was lost. For `on` of `retry`, with `pg`, `postgres`, PGlite
 * and whatever else keeps the SQLSTATE in `code`.
 *
 * After a lost connection nobody knows whether a statement was run. Repeat what may be run twice, and repeat
 * transactions as a whole: after any error the rest of one is refused.
 */
export function isTransientPostgres(error: unknown): boolean {
  if (typeof error !== 'object' || error === null) return false;
  const { code, message, cause } = error as { code?: unknown; message?: unknown; cause?: unknown };
  if (typeof code === 'string' && /^[0-9A-Z]{5}$/.test(code) && !code.startsWith('E')) {
    return code.startsWith('08') || transientStates.has(code);
  }
  if (typeof message === 'string' && lostConnection.test(message)) return true;
  return isTransient(error) || (cause !== undefined && cause !== error && isTransientPostgres(cause));
}
