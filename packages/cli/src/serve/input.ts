import { parseConfig } from './config.ts';
import type { ServeFlags } from './flags.ts';
import type { ServeInput } from './plan.ts';
import { readFileOf } from './read-file.ts';

/** Brings together what the user has said: on the command line, in files, in the environment. */
export function readInput(flags: ServeFlags, env: NodeJS.ProcessEnv): ServeInput {
  const { config, proxy = [] } = flags;
  const said = (name: string): string | undefined => (env[name] === '' ? undefined : env[name]);
  return {
    flags,
    config: config === undefined ? undefined : parseConfig(readFileOf('--config', config), config),
    proxies: proxy.map((url) => ({ settings: { url }, place: '--proxy' })),
    token: said('MULLIGAN_API_KEY'),
    checkUrl: said('MULLIGAN_CHECK_URL'),
  };
}
