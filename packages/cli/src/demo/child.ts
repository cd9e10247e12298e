import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Stoppable } from './stoppable.ts';

/** What a child says once: what it has started, or why it could not. */
export type ChildReport<Ready> = { readonly ready: Ready } | { readonly error: string };

/** A process of the demonstration, working. */
export interface Child<Ready> extends Stoppable {
  /** What the process said when it was ready. */
  readonly ready: Ready;
  /** Resolves when the process has ended, for whatever reason. */
  readonly ended: Promise<void>;
}

/** The token is none of a child's business; options and proxies for this process would harm it. */
const notInherited = { MULLIGAN_API_KEY: undefined, NODE_OPTIONS: undefined, NODE_USE_ENV_PROXY: undefined };

/**
 * Starts a module of this folder as a process of its own and waits until it is ready. The module calls
 * `answerParent`: the process ends when its channel is closed, by `stop` or because this process has ended.
 * @param settings go to the process through its channel, where no list of processes shows them
 */
export async function startChild<Ready>(module: string, settings: object): Promise<Child<Ready>> {
  const child = fork(fileURLToPath(new URL(module, import.meta.url)), {
    execArgv: [],
    env: { ...process.env, ...notInherited },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const ended = once(child, 'exit').then(() => undefined);
  child.send(settings, () => {
    // A child that could not be reached has ended, and its end is what is told.
  });
  const report = await Promise.race([reportOf<Ready>(child), ended]);
  if (report === undefined) throw new Error(`${module} ended before it was ready`);
  if ('error' in report) throw new Error(report.error);
  return {
    ready: report.ready,
    ended,
    async stop() {
      if (child.connected) child.disconnect();
      await ended;
    },
  };
}

async function reportOf<Ready>(child: ChildProcess): Promise<ChildReport<Ready>> {
  const [report] = (await once(child, 'message')) as [ChildReport<Ready>];
  return report;
}
