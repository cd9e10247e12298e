import { InvalidOptionError } from './error.ts';
import { formatMs } from './duration.ts';
import { definePolicy, type Layer, layerOfPolicy, type Policy, type PolicyDescription } from './policy.ts';

/**
 * Composes policies, the outermost first: the reading order is the execution order.
 *
 * A good order is fallback, total timeout, retry, hedge, rate limit, circuit breaker, bulkhead, attempt timeout.
 * @throws {InvalidOptionError} for an order that cannot work, such as an inner limit longer than an outer one
 */
export function pipeline(...policies: readonly Policy[]): Policy {
  const layers = policies.map(layerOfPolicy);
  const parts = policies.map((policy) => policy.description);
  checkLimits(parts);
  return definePolicy(compose(layers), { kind: 'pipeline', parts, ...tightest(parts) });
}

const passThrough: Layer = async (next, context) => next(context);

function compose(layers: readonly Layer[]): Layer {
  if (layers.length === 0) return passThrough;
  return layers.reduceRight((inner, outer) => (next, context) => outer((derived) => inner(next, derived), context));
}

function tightest(parts: readonly PolicyDescription[]): { timeoutMs?: number } {
  const limits = parts.flatMap((part) => part.timeoutMs ?? []);
  return limits.length === 0 ? {} : { timeoutMs: Math.min(...limits) };
}

/** A limit that can never be reached, because one around it always ends the call first, is a mistake. */
function checkLimits(parts: readonly PolicyDescription[]): void {
  let outer: { kind: string; ms: number } | undefined;
  for (const { kind, timeoutMs, attemptTimeoutMs } of parts) {
    const ms = timeoutMs ?? attemptTimeoutMs;
    if (ms === undefined) continue;
    if (outer !== undefined && ms >= outer.ms) {
      const message = `the inner ${kind} of ${formatMs(ms)} can never end anything inside the outer ${outer.kind} of ${formatMs(outer.ms)}: make it shorter, or swap them`;
      throw new InvalidOptionError('pipeline', parts, message);
    }
    outer = { kind, ms };
  }
}
