import { sleep, systemWorld } from 'mulligan';
import type { Server } from 'proxy-chain';
import { answerParent } from './answer-parent.ts';
import { between, type Fault, startUpstream, type TimeRange } from './upstream.ts';

/** What the process is told. */
export interface UpstreamSettings {
  readonly fault: Fault;
  /** 0 takes any free port. */
  readonly port: number;
}

/** What it answers. */
export interface UpstreamReady {
  readonly port: number;
}

answerParent(async ({ fault, port }: UpstreamSettings): Promise<UpstreamReady> => {
  const server = await startUpstream(fault, port);
  if (fault.kind === 'dies') void die(server, fault);
  return { port: server.port };
});

/** What runs when it dies may end within this time: a tunnel that breaks half-way is beyond any gateway's help. */
const lastMomentMs = 2000;

async function die(server: Server, life: TimeRange): Promise<void> {
  await sleep(systemWorld, between(life, systemWorld));
  await Promise.race([server.close(), sleep(systemWorld, lastMomentMs)]);
  process.exit(1);
}
