import { isMulliganError, systemWorld } from 'mulligan';
import { download, type DownloadResult } from 'mulligan/download';
import { createSession, environmentAuth } from 'mulligan/http';
import { stopRequested } from '../serve/stop.ts';
import { Display } from './display.ts';
import { failureOf } from './failure.ts';
import type { DownloadFlags } from './flags.ts';
import { type DownloadCommand, planCommand } from './plan.ts';

/** Downloads a file. Asked to stop, it leaves what there is to the next run. */
export async function runDownload(
  urls: readonly string[],
  flags: DownloadFlags,
  env: NodeJS.ProcessEnv,
): Promise<void> {
  const command = planCommand(urls, flags);
  const display = command.isQuiet ? undefined : new Display(process.stderr);
  const stop = new AbortController();
  void stopRequested(systemWorld).then(() => stop.abort());
  try {
    const { path, isNew } = await fetchFile(command, env, { display, signal: stop.signal });
    display?.say(isNew ? `saved ${path}` : `${path} is there already; nothing was downloaded`);
    process.stdout.write(`${path}\n`);
  } catch (error) {
    display?.end();
    if (isMulliganError(error, 'MULLIGAN_INVALID_OPTION')) throw error;
    throw failureOf(error, stop.signal.aborted);
  }
}

interface Surroundings {
  readonly display: Display | undefined;
  readonly signal: AbortSignal;
}

function fetchFile(
  { source, path, headers, options }: DownloadCommand,
  env: NodeJS.ProcessEnv,
  { display, signal }: Surroundings,
): Promise<DownloadResult> {
  const session = createSession({
    auth: environmentAuth(env),
    headers: headers.map(([name, value]): [string, string] => [name, value]),
    budget: false,
  });
  const shown = display && {
    onProgress: display.progress.bind(display),
    progressEvery: display.progressEvery,
    log: { warn: (line: string) => display.say(line), error() {} },
  };
  return download(source, path, { ...options, ...shown, fetch: session.fetch, signal });
}
