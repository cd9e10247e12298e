import type { AttemptContext, Policy } from '../kernel/index.ts';

/** Runs one step of an operation under the policy of a storage. */
export type Calls = <T>(
  name: string,
  signal: AbortSignal | undefined,
  operation: (attempt: AttemptContext) => Promise<T>,
) => Promise<T>;

/** Names are the same for every key, so that metrics stay few. */
export function callsUnder(policy: Policy): Calls {
  return (name, signal, operation) => policy.execute(operation, signal === undefined ? { name } : { name, signal });
}
