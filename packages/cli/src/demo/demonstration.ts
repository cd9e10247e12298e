import type { World } from 'mulligan';
import { type Child, startChild } from './child.ts';
import { type Fleet, type FleetMember, startFleet } from './fleet.ts';
import { loopback } from './listening.ts';
import type { OriginReady } from './origin-process.ts';
import { upstreamPlans } from './plan.ts';
import { startedTogether, stopAll, type Stoppable } from './stoppable.ts';

/** The origin of the demonstration: where its requests go. */
export interface Origin {
  /** Address without TLS. */
  readonly http: string;
  /** Address with TLS. */
  readonly https: string;
  /** The authority that signed the certificate, as PEM. */
  readonly ca: string;
}

/** The origin and the upstream proxies of the demonstration, running. */
export interface Demonstration extends Origin, Stoppable {
  /** Path of a file that holds {@link Origin.ca}; it goes with the demonstration. */
  readonly caPath: string;
  readonly upstreams: readonly FleetMember[];
}

/** Starts the demonstration. @param report hears what happens to its processes, in sentences */
export async function startDemonstration(world: World, report: (sentence: string) => void): Promise<Demonstration> {
  report('The demonstration is starting.');
  const [origin, fleet] = await startedTogether<[Child<OriginReady>, Fleet]>([
    startChild('./origin-process.js', {}),
    startFleet(upstreamPlans, world, report),
  ]);
  const { httpPort, httpsPort, ca, caPath } = origin.ready;
  return {
    http: `http://${loopback}:${httpPort}`,
    https: `https://${loopback}:${httpsPort}`,
    ca,
    caPath,
    upstreams: fleet.members,
    stop: () => stopAll([fleet, origin]),
  };
}
