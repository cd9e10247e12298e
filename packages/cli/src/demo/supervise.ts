import { Cancellation, sleep, type World } from 'mulligan';
import { type Child, startChild } from './child.ts';
import { absence } from './plan.ts';
import { reservePort } from './reserved-port.ts';
import { between, type Fault } from './upstream.ts';
import type { Stoppable } from './stoppable.ts';
import type { UpstreamReady, UpstreamSettings } from './upstream-process.ts';

/** A part of the demonstration that has a port. */
export interface Occupant extends Stoppable {
  readonly port: number;
}

/** What {@link superviseUpstream} is told. */
export interface SuperviseOptions {
  readonly name: string;
  readonly fault: Fault;
  readonly world: World;
  /** Hears of each death and return, in sentences. */
  readonly report: (sentence: string) => void;
}

/** Runs an upstream proxy in a process of its own, and starts it again on the same port some time after each death. */
export async function superviseUpstream({ name, fault, world, report }: SuperviseOptions): Promise<Occupant> {
  const start = (port: number): Promise<Child<UpstreamReady>> =>
    startChild('./upstream-process.js', { fault, port } satisfies UpstreamSettings);
  let child = await start(0);
  const { port } = child.ready;
  const stopping = new Cancellation();

  const revive = async (): Promise<void> => {
    const awayMs = between(absence, world);
    report(`The upstream proxy ${name} has died; it is back in ${(awayMs / 1000).toFixed(1)} s.`);
    // Whoever asks for a free port meanwhile should not get this one.
    const reserved = await reservePort(port).catch(() => undefined);
    try {
      await sleep(world, awayMs, stopping);
    } finally {
      await reserved?.stop();
    }
    child = await start(port);
    report(`The upstream proxy ${name} is back.`);
  };
  const supervise = async (): Promise<void> => {
    while (!stopping.aborted) {
      await child.ended;
      // Where it could not come back, because somebody has the port after all, it tries again after another absence.
      if (!stopping.aborted) await revive().catch(() => {});
    }
  };
  const supervision = supervise();
  return {
    port,
    async stop() {
      stopping.abort(new Error(`the upstream proxy ${name} is stopped`));
      await child.stop();
      await supervision;
      // The one that was just being started.
      await child.stop();
    },
  };
}
