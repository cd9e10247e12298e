import { systemWorld } from 'mulligan';
import { startTraffic } from '../demo/traffic.ts';
import { announcement } from './announcement.ts';
import type { ServeFlags } from './flags.ts';
import { readInput } from './input.ts';
import { planServe } from './plan.ts';
import { start } from './start.ts';
import { stopRequested } from './stop.ts';

/** Runs the gateway, its API and, where it is wanted, the demonstration, until the process is asked to end. */
export async function serve(flags: ServeFlags, env: NodeJS.ProcessEnv): Promise<void> {
  const plan = planServe(readInput(flags, env));
  const stop = stopRequested(systemWorld);
  const running = await Promise.race([
    start(plan, systemWorld, { tell: plan.isVerbose ? tell : ignore, warn: tell }),
    stop,
  ]);
  // Asked to end so early: nothing is under way that could be drained, and the children end with this process.
  if (running === undefined) return;
  const { server, demonstration, close } = running;
  process.stdout.write(announcement(plan, { ...server, proxies: server.rotator.pool.size }, demonstration));
  const route = { gateway: server.gateway, user: plan.gateway.auth?.[0] };
  const traffic = demonstration && startTraffic(demonstration, route, systemWorld);
  await stop;
  await traffic?.stop();
  await close();
  await demonstration?.stop();
}

function tell(sentence: string): void {
  process.stderr.write(`${sentence}\n`);
}

function ignore(): void {}
