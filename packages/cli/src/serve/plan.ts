import { checkNumber, isDuration, show, toMs } from 'mulligan';
import {
  type ApiListenOptions,
  type GatewayOptions,
  type HealthOptions,
  isLoopbackHost,
  policyRanges,
  type ProxySettings,
  RetryPolicy,
  type RotatorOptions,
} from '@mulligan/proxy';
import { demoPolicy } from '../demo/plan.ts';
import { UsageError } from '../usage-error.ts';
import type { Config } from './config.ts';
import { defined } from './defined.ts';
import type { ServeFlags } from './flags.ts';
import { checkProxies, type NamedProxy } from './proxies.ts';
import { chooseWay, type Way } from './way.ts';

/** What the user has said, wherever they said it. */
export interface ServeInput {
  readonly flags: ServeFlags;
  /** The file of `--config`, read. */
  readonly config: Config | undefined;
  /** The proxies of `--proxy`. */
  readonly proxies: readonly NamedProxy[];
  /** What `MULLIGAN_API_KEY` says. */
  readonly token: string | undefined;
  /** What `MULLIGAN_CHECK_URL` says. */
  readonly checkUrl?: string | undefined;
}

interface Listener {
  readonly host: string;
  readonly port: number;
}

/** What will run: checked, with nothing left to decide. */
export interface ServePlan {
  readonly way: Way;
  readonly rotator: RotatorOptions & { readonly proxies: readonly ProxySettings[] };
  readonly gateway: Omit<GatewayOptions, 'rotator'> & Listener;
  readonly api: ApiListenOptions & Listener;
  /** The file or the URL of a list of proxies to follow. */
  readonly list: string | undefined;
  /** How proxies are checked that nobody uses, where they are. */
  readonly health: HealthOptions | undefined;
  readonly isJson: boolean;
  readonly isVerbose: boolean;
}

/** Decides what runs; the command line wins over the file. @throws {UsageError} or {InvalidOptionError} in a sentence */
export function planServe(input: ServeInput): ServePlan {
  const { flags, config, token } = input;
  const way = chooseWay(flags, config);
  const gateway = {
    host: '127.0.0.1',
    port: 8080,
    ...config?.gateway,
    ...defined({ host: flags.host, port: portOf('--port', flags.port) }),
  };
  const api = {
    host: '127.0.0.1',
    port: 8000,
    ...config?.api,
    ...defined({
      host: flags.host,
      port: portOf('--api-port', flags.apiPort),
      token,
      auth: flags.auth ? undefined : false,
    }),
  };
  checkListeners(gateway, api);
  const { named, list } = way === 'proxies' ? planProxies(input) : noProxies;
  return {
    way,
    rotator: {
      ...config?.rotator,
      direct: way === 'direct',
      proxies: checkProxies(named),
      retryPolicy: planPolicy(flags, config?.retryPolicy ?? new RetryPolicy(way === 'demo' ? demoPolicy : {})),
    },
    gateway,
    api,
    list,
    health: planHealth(input),
    isJson: flags.json ?? false,
    isVerbose: flags.verbose ?? false,
  };
}

interface ProxiesPlan {
  readonly named: readonly NamedProxy[];
  readonly list: string | undefined;
}

const noProxies: ProxiesPlan = { named: [], list: undefined };

/** Who names proxies on the command line means those, and none of the file. */
function planProxies({ flags, config, proxies }: ServeInput): ProxiesPlan {
  if (proxies.length > 0 || flags.proxies !== undefined) return { named: proxies, list: flags.proxies };
  return { named: proxiesOf(config), list: config?.proxyList };
}

function proxiesOf(config: Config | undefined): readonly NamedProxy[] {
  if (config === undefined) return [];
  return config.proxies.map((settings, index) => ({ settings, place: `${config.file}: proxies[${index}]` }));
}

/** Whoever says anything about checks wants them. */
function planHealth({ flags, config, checkUrl }: ServeInput): HealthOptions | undefined {
  const url = flags.checkUrl ?? config?.health?.url ?? checkUrl;
  const interval = durationOf('--check-interval', flags.checkInterval);
  if (url === undefined && interval === undefined) return config?.health;
  if (url !== undefined && !/^https?:\/\/[^/]/iu.test(String(url))) {
    throw new UsageError('The address that proxies are checked with must begin with http:// or https://');
  }
  return { ...config?.health, ...defined({ url, interval }) };
}

function planPolicy({ attempts, timeout }: ServeFlags, policy: RetryPolicy): RetryPolicy {
  return policy.with(defined({ maxAttempts: attemptsOf(attempts), timeout: durationOf('--timeout', timeout) }));
}

function attemptsOf(given: string | undefined): number | undefined {
  if (given === undefined) return undefined;
  return checkNumber('--attempts', numberOf(given), { ...policyRanges.maxAttempts, whole: true });
}

function portOf(option: string, given: string | undefined): number | undefined {
  if (given === undefined) return undefined;
  return checkNumber(option, numberOf(given), { min: 0, max: 65_535, whole: true });
}

/** Leaves what is no number as it is: the sentence about it then shows it. */
function numberOf(given: string): unknown {
  return /^-?\d+(?:\.\d+)?$/u.test(given) ? Number(given) : given;
}

/** Both that there are may be no shorter. */
const shortestMs = 100;

function durationOf(option: string, given: string | undefined): number | undefined {
  if (given === undefined) return undefined;
  const ms = isDuration(given) ? toMs(given) : 0;
  if (ms >= shortestMs) return ms;
  throw new UsageError(
    `${option} must be a time of at least 100ms with its unit, such as 30s or 2m, got ${show(given)}`,
  );
}

function checkListeners(gateway: ServePlan['gateway'], api: ServePlan['api']): void {
  if (!isLoopbackHost(gateway.host) && (gateway.auth ?? []).length === 0) {
    const ways = 'name its users in a file for --config (gateway.users), or stay on 127.0.0.1';
    throw new UsageError(`On ${gateway.host} other machines could use the gateway: ${ways}`);
  }
  if (!isLoopbackHost(api.host) && api.auth === false) {
    throw new UsageError(`--no-auth is for a loopback host: on ${api.host} everyone could change the settings`);
  }
  if (gateway.port !== 0 && gateway.port === api.port && gateway.host === api.host) {
    throw new UsageError(
      `The gateway and the API cannot both have port ${api.port}: choose others with --port and --api-port`,
    );
  }
}
