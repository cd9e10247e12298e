import { UsageError } from '../usage-error.ts';
import type { Config } from './config.ts';
import type { ServeFlags } from './flags.ts';

/** How requests leave the gateway: through the demonstration's proxies, through the user's, or through none. */
export type Way = 'demo' | 'proxies' | 'direct';

/**
 * Chooses the way. What the command line says wins over the file; where nobody says anything, the demonstration runs.
 * @throws {UsageError} for ways that exclude each other, and for none where one is expected
 */
export function chooseWay(flags: ServeFlags, config: Config | undefined): Way {
  const proxies = flags.proxies === undefined ? '--proxy' : '--proxies';
  const asksForProxies = flags.proxy !== undefined || flags.proxies !== undefined;
  const asked: (readonly [option: string, way: Way])[] = [];
  if (flags.demo === true) asked.push(['--demo', 'demo']);
  if (flags.direct === true) asked.push(['--direct', 'direct']);
  if (asksForProxies) asked.push([proxies, 'proxies']);
  const [first, second] = asked;
  if (first !== undefined && second !== undefined)
    throw new UsageError(`${first[0]} and ${second[0]} exclude each other`);
  return first?.[1] ?? wayOfConfig(config);
}

function wayOfConfig(config: Config | undefined): Way {
  if (config === undefined) return 'demo';
  const { file, direct, proxies, proxyList } = config;
  const namesProxies = proxies.length > 0 || proxyList !== undefined;
  if (direct && namesProxies) throw new UsageError(`${file}: direct and proxies exclude each other`);
  if (direct) return 'direct';
  if (namesProxies) return 'proxies';
  throw new UsageError(`${file} names no proxies: add some, or use --direct or --demo`);
}
