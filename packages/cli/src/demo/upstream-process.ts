import { systemWorld } from 'mulligan';
import { answerParent } from './answer-parent.ts';
import { between, type Fault, startUpstream } from './upstream.ts';

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
  if (fault.kind === 'dies') systemWorld.setTimer(() => process.exit(1), between(fault, systemWorld));
  return { port: server.port };
});
