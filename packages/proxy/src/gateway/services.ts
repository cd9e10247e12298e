import type { Agent } from 'node:http';
import type { Emitter } from 'mulligan';
import type { DialOptions, Place } from '../dial/index.ts';
import type { FailoverAttempt, ProxyRotator } from '../rotator/index.ts';
import type { Doorkeeper } from './credentials.ts';
import type { GatewayEvent } from './event.ts';
import type { GatewayPlan } from './plan.ts';
import type { BodyMemory } from './request-body.ts';
import type { TargetPolicy } from './target-policy.ts';

/** What all requests of one gateway share. */
export interface GatewayServices {
  readonly plan: GatewayPlan;
  readonly rotator: ProxyRotator;
  readonly targets: TargetPolicy;
  readonly doorkeeper: Doorkeeper;
  /** What this gateway is called in `Via`: nobody can guess it, so only a loop brings it back. */
  readonly pseudonym: string;
  /** Connections that are used again. */
  readonly pooled: Agent;
  /** Connections for one request each. */
  readonly single: Agent;
  readonly bodies: BodyMemory;
  readonly events: Emitter<GatewayEvent>;
}

/** What the gateway is called in `Via`; `undefined` where it does not show itself. */
export function nameInVia({ plan, pseudonym }: GatewayServices): string | undefined {
  return plan.via ? pseudonym : undefined;
}

/**
 * How to dial in one attempt.
 * @param via where the client's own request had come from
 * @throws {TargetRefused} when the proxy is this gateway itself
 */
export function dialOptionsFor(
  services: GatewayServices,
  attempt: FailoverAttempt,
  target: Place,
  via?: string,
): DialOptions {
  const { plan, targets } = services;
  const name = nameInVia(services);
  const address = attempt.proxy?.address;
  if (address !== undefined) targets.checkProxy(address);
  return {
    onAbort: attempt.onAbort,
    deadlineMs: attempt.context.deadlineMs,
    timers: plan.timers,
    tls: attempt.proxy?.tls ?? plan.proxyTls,
    headers: name === undefined ? [] : [['Via', via === undefined ? `1.1 ${name}` : `${via}, 1.1 ${name}`]],
    lookupTarget: targets.lookupTarget(target.port),
    lookupProxy: targets.lookupProxy(address?.port ?? 0),
    world: plan.world,
  };
}
