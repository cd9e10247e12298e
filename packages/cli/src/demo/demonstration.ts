import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { World } from 'mulligan';
import { createCertificates } from './certificates.ts';
import { type Child, startChild } from './child.ts';
import { type Fleet, type FleetMember, startFleet } from './fleet.ts';
import { loopback } from './listening.ts';
import type { OriginReady, OriginSettings } from './origin-process.ts';
import { upstreamPlans } from './plan.ts';
import { createScratchFolder } from './scratch-folder.ts';
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
  const folder = createScratchFolder();
  const { ca, cert, key } = createCertificates(['localhost', loopback], world.wallNow());
  const caPath = join(folder.path, 'ca.pem');
  writeFileSync(caPath, ca, { mode: 0o644 });
  const [origin, fleet] = await startedTogether<[Child<OriginReady>, Fleet]>([
    startChild<OriginReady>('./origin-process.js', { cert, key } satisfies OriginSettings),
    startFleet(upstreamPlans, world, report),
  ]);
  const { httpPort, httpsPort } = origin.ready;
  return {
    http: `http://${loopback}:${httpPort}`,
    https: `https://${loopback}:${httpsPort}`,
    ca,
    caPath,
    upstreams: fleet.members,
    async stop() {
      await stopAll([fleet, origin]);
      folder.remove();
    },
  };
}
