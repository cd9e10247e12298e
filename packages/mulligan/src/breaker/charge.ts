import { factsOf, isMulliganError, resolveErrorFilter } from '../kernel/index.ts';
import type { BreakerSettings } from './options.ts';

/**
 * Which errors are charged to the other side by default: all that speak of a bad connection, a time-out or an
 * overloaded server, and those that nothing is known of. A refusal by another policy of ours never reached the other
 * side; aborts, wrong arguments, rejected credentials and answers such as 404 are not its fault.
 */
function isChargedByDefault(error: unknown): boolean {
  const { category, isTransient, isUnprocessed } = factsOf(error);
  if (isMulliganError(error)) return isTransient && !isUnprocessed;
  return isTransient || category === 'unknown' || category === 'tls' || category === 'dns';
}

/** Makes one function of `on` and `unless`. */
export function planCharge({ on, unless }: Pick<BreakerSettings, 'on' | 'unless'>): (error: unknown) => boolean {
  const accepts = on === undefined ? isChargedByDefault : resolveErrorFilter('on', on);
  if (unless === undefined) return accepts;
  const refuses = resolveErrorFilter('unless', unless);
  return (error) => !refuses(error) && accepts(error);
}
