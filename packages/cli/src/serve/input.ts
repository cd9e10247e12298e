import { parseConfig } from './config.ts';
import type { ServeFlags } from './flags.ts';
import type { ServeInput } from './plan.ts';
import { parseProxyList } from './proxies.ts';
import { readFileOf } from './read-file.ts';

/** Brings together what the user has said: on the command line, in files, in the environment. */
export function readInput(flags: ServeFlags, env: NodeJS.ProcessEnv): ServeInput {
  const { config, proxy = [], proxies } = flags;
  const listed = proxies === undefined ? [] : parseProxyList(readFileOf('--proxies', proxies), proxies);
  const token = env['MULLIGAN_API_KEY'];
  return {
    flags,
    config: config === undefined ? undefined : parseConfig(readFileOf('--config', config), config),
    proxies: [...proxy.map((url) => ({ settings: { url }, place: '--proxy' })), ...listed],
    token: token === '' ? undefined : token,
  };
}
