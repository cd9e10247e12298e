import { isMulliganError, type World } from 'mulligan';
import {
  type AuditEntry,
  type DemoInfo,
  ProxyRotator,
  type RotatorOptions,
  type RunningServer,
  startServer,
} from '@mulligan/proxy';
import { type Demonstration, startDemonstration } from '../demo/demonstration.ts';
import { UsageError } from '../usage-error.ts';
import { auditLine } from './audit-line.ts';
import { defined } from './defined.ts';
import { followList, type ListTellers } from './follow-list.ts';
import { noticeOf } from './notice.ts';
import type { ServePlan } from './plan.ts';

/** A server, and what it shows itself off with, where it does. */
export interface Running {
  readonly server: RunningServer;
  readonly demonstration: Demonstration | undefined;
  /** Ends the server and what belongs to it, but not the demonstration. */
  readonly close: () => Promise<void>;
}

/**
 * Starts what the plan says.
 * @param tellers `tell` hears what `--verbose` tells, in sentences; `warn` what is told in any case
 * @throws {UsageError} where a listener or a list of proxies cannot be
 */
export async function start(plan: ServePlan, world: World, { tell, warn }: ListTellers): Promise<Running> {
  const { way, gateway, health } = plan;
  const demonstration = way === 'demo' ? await startDemonstration(world, tell) : undefined;
  const started: { close(): Promise<void> | void }[] = [];
  const close = async (): Promise<void> => {
    for (const each of started.toReversed()) await each.close();
  };
  try {
    const rotator = new ProxyRotator({ ...plan.rotator, ...proxiesOf(demonstration), world });
    started.push(rotator);
    if (plan.list !== undefined) started.push(await followList(rotator.pool, plan.list, world, { tell, warn }));
    const api = { ...plan.api, onWrite: (entry: AuditEntry) => warn(auditLine(entry)) };
    const options = { ...defined({ health, demo: demoOf(demonstration) }), rotator, gateway, api, world };
    const server = await startServer(options);
    started.push(server);
    if (plan.isVerbose) tellOfEvents(server, tell);
    return { server, demonstration, close };
  } catch (error) {
    await close();
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

function proxiesOf(demonstration: Demonstration | undefined): Pick<RotatorOptions, 'proxies'> {
  return demonstration === undefined
    ? {}
    : { proxies: demonstration.upstreams.map(({ name, url }) => ({ id: name, url })) };
}

function demoOf(demonstration: Demonstration | undefined): DemoInfo | undefined {
  if (demonstration === undefined) return undefined;
  const { http, https, caPath } = demonstration;
  return { http, https, ca: caPath };
}
