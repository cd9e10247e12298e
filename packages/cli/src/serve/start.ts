import { isMulliganError, type World } from 'mulligan';
import { type RunningServer, startServer } from '@mulligan/proxy';
import { type Demonstration, startDemonstration } from '../demo/demonstration.ts';
import { UsageError } from '../usage-error.ts';
import { noticeOf } from './notice.ts';
import type { ServePlan } from './plan.ts';

/** A server, and what it shows itself off with, where it does. */
export interface Running {
  readonly server: RunningServer;
  readonly demonstration: Demonstration | undefined;
}

/**
 * Starts what the plan says.
 * @param tell hears what `--verbose` tells, in sentences
 * @throws {UsageError} where a listener cannot be
 */
export async function start(plan: ServePlan, world: World, tell: (sentence: string) => void): Promise<Running> {
  const { way, rotator, gateway, api } = plan;
  const demonstration = way === 'demo' ? await startDemonstration(world, tell) : undefined;
  try {
    const given = demonstration === undefined ? { rotator } : withDemonstration(rotator, demonstration);
    const server = await startServer({ ...given, gateway, api, world });
    if (plan.isVerbose) tellOfEvents(server, tell);
    return { server, demonstration };
  } catch (error) {
    await demonstration?.stop();
    if (!isMulliganError(error, 'MULLIGAN_CANNOT_LISTEN')) throw error;
    throw new UsageError(`${error.message}; choose another with --port or --api-port, where 0 is any free one`);
  }
}

function tellOfEvents({ rotator }: RunningServer, tell: (sentence: string) => void): void {
  rotator.events.on((event) => {
    const notice = noticeOf(event);
    if (notice !== undefined) tell(notice);
  });
}

function withDemonstration(rotator: ServePlan['rotator'], { http, https, caPath, upstreams }: Demonstration) {
  const proxies = upstreams.map(({ name, url }) => ({ id: name, url }));
  return { rotator: { ...rotator, proxies }, demo: { http, https, ca: caPath } };
}
