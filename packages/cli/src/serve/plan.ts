import { checkNumber, isDuration, show, toMs } from 'mulligan';
import {
  type ApiListenOptions,
  type GatewayOptions,
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
  /** The proxies of `--proxy` and of `--proxies`. */
  readonly proxies: readonly NamedProxy[];
  /** What `MULLIGAN_API_KEY` says. */
  readonly token: string | undefined;
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
  readonly isJson: boolean;
  readonly isVerbose: boolean;
}

/** Decides what runs; the command line wins over the file. @throws {UsageError} or {InvalidOptionError} in a sentence */
export function planServe({ flags, config, proxies, token }: ServeInput): ServePlan {
  const way = chooseWay(flags, config, proxies.length);
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
  const named = proxies.length > 0 ? proxies : proxiesOf(config);
  return {
    way,
    rotator: {
      ...config?.rotator,
      direct: way === 'direct',
      proxies: way === 'proxies' ? checkProxies(named) : [],
      retryPolicy: planPolicy(flags, config?.retryPolicy ?? new RetryPolicy(way === 'demo' ? demoPolicy : {})),
    },
    gateway,
    api,
    isJson: flags.json ?? false,
    isVerbose: flags.verbose ?? false,
  };
}

function proxiesOf(config: Config | undefined): readonly NamedProxy[] {
  if (config === undefined) return [];
  return config.proxies.map((settings, index) => ({ settings, place: `${config.file}: proxies[${index}]` }));
}

function planPolicy({ attempts, timeout }: ServeFlags, policy: RetryPolicy): RetryPolicy {
  return policy.with(defined({ maxAttempts: attemptsOf(attempts), timeout: timeoutOf(timeout) }));
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

function timeoutOf(given: string | undefined): number | undefined {
  if (given === undefined) return undefined;
  const ms = isDuration(given) ? toMs(given) : 0;
  if (ms >= policyRanges.timeout.min * 1000) return ms;
  throw new UsageError(
    `--timeout must be a time of at least 100ms with its unit, such as 30s or 2m, got ${show(given)}`,
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
