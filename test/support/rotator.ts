import { virtualWorld, type VirtualWorld } from '../../packages/mulligan/src/testing/index.ts';
import { AttemptFailure, type AttemptFailureDetails } from '../../packages/proxy/src/failure/index.ts';
import {
  type FailoverAttempt,
  type FailoverRequest,
  type ProxyEvent,
  ProxyRotator,
  type RotatorOptions,
} from '../../packages/proxy/src/rotator/index.ts';

/** A request like any other. */
export const request: FailoverRequest = { id: 'r1', method: 'GET', target: 'origin:80' };

/** A connection that did not come about, unless the details say otherwise. */
export function failure(details: Partial<AttemptFailureDetails> = {}): AttemptFailure {
  return new AttemptFailure('connection refused', { fault: 'proxy', mayFailOver: true, phase: 'connect', ...details });
}

/** A rotator on virtual time, with three proxies that take turns, and what it has told. */
export interface TestRotator {
  readonly rotator: ProxyRotator;
  readonly world: VirtualWorld;
  readonly events: ProxyEvent[];
}

/** Makes a {@link TestRotator}. */
export function testRotator(options: RotatorOptions = {}): TestRotator {
  const world = virtualWorld();
  const events: ProxyEvent[] = [];
  const rotator = new ProxyRotator({
    proxies: ['a:1', 'b:1', 'c:1'],
    strategy: 'round-robin',
    world,
    onEvent: (event) => events.push(event),
    ...options,
  });
  return { rotator, world, events };
}

/** Work that fails as scripted, by proxy, and remembers where it has been. */
export function workOf(
  script: Record<string, () => unknown>,
  seen: string[] = [],
): (attempt: FailoverAttempt) => Promise<string> {
  return ({ proxy }) => {
    const id = proxy?.id ?? 'direct';
    seen.push(id);
    const error = script[id]?.();
    return error === undefined ? Promise.resolve(id) : Promise.reject(error);
  };
}

/** The same failure through every proxy. */
export const everywhere = (make: () => unknown): Record<string, () => unknown> => ({
  'a:1': make,
  'b:1': make,
  'c:1': make,
});

/** Makes a value of an error. */
export const caught = (error: unknown): unknown => error;
