import type { World } from 'mulligan';
import { loopback } from './listening.ts';
import type { UpstreamPlan } from './plan.ts';
import { reservePort } from './reserved-port.ts';
import { startedTogether, stopAll, type Stoppable } from './stoppable.ts';
import { type Occupant, superviseUpstream } from './supervise.ts';

/** An upstream proxy of the demonstration, as the gateway knows it. */
export interface FleetMember {
  readonly name: string;
  readonly url: string;
}

/** The upstream proxies of the demonstration, running. */
export interface Fleet extends Stoppable {
  readonly members: readonly FleetMember[];
}

/** Starts all upstream proxies at once, each in a process of its own. */
export async function startFleet(
  plans: readonly UpstreamPlan[],
  world: World,
  report: (sentence: string) => void,
): Promise<Fleet> {
  const occupy = async ({ name, fault }: UpstreamPlan): Promise<Occupant> =>
    fault === 'absent' ? reservePort() : superviseUpstream({ name, fault, world, report });
  const occupants = await startedTogether<readonly Occupant[]>(plans.map(occupy));
  const members = plans.map(({ name }, index) => ({ name, url: `http://${loopback}:${occupants[index]?.port}` }));
  return { members, stop: () => stopAll(occupants) };
}
