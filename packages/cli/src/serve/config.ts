import { type BreakerSettings, checkOneOf, InvalidOptionError } from 'mulligan';
import {
  type ApiListenOptions,
  type GatewayOptions,
  type GatewayUser,
  type HealthOptions,
  type ProxySettings,
  RetryPolicy,
  type RetryPolicyJson,
  type RotatorOptions,
  type StrategyName,
  strategyNames,
} from '@mulligan/proxy';
import { UsageError } from '../usage-error.ts';
import { defined } from './defined.ts';
import { fieldsOf, flag, list, number, port, type Read, text } from './json-reader.ts';
import { readProxy } from './proxies.ts';

/** A configuration file, checked but for its proxies, in the words of the server's options. */
export interface Config {
  /** What to call the file in a sentence about it. */
  readonly file: string;
  readonly gateway: Pick<GatewayOptions, 'host' | 'port' | 'auth' | 'connectPorts' | 'allowPrivateTargets'>;
  readonly api: Pick<ApiListenOptions, 'host' | 'port' | 'auth' | 'allowedHosts'>;
  readonly rotator: Pick<RotatorOptions, 'circuitBreaker' | 'strategy' | 'retryStrategy'>;
  /** `undefined` where the file says nothing of it. */
  readonly retryPolicy: RetryPolicy | undefined;
  readonly direct: boolean;
  readonly health: HealthOptions | undefined;
  readonly proxies: readonly ProxySettings[];
  /** The file or the URL of a list of further ones. */
  readonly proxyList: string | undefined;
}

/** Reads the text of a configuration file. @throws {UsageError} that names the file and the field */
export function parseConfig(content: string, file: string): Config {
  try {
    return { file, ...readConfig(parseJson(content), '') };
  } catch (error) {
    if (!(error instanceof InvalidOptionError)) throw error;
    throw new UsageError(`${file}: ${error.message}`);
  }
}

function parseJson(content: string): unknown {
  try {
    return JSON.parse(content.replace(/^\uFEFF/u, ''));
  } catch (error) {
    // The platform's own sentence quotes the file, which may hold passwords.
    const [, position] = /at position (\d+)/u.exec(String(error)) ?? [];
    const place = position === undefined ? '' : `, see line ${content.slice(0, Number(position)).split('\n').length}`;
    throw new InvalidOptionError('config', undefined, `this is not JSON${place}`);
  }
}

const configKeys = [
  'gateway',
  'api',
  'retry_policy',
  'circuit_breaker',
  'strategy',
  'retry_strategy',
  'health_check',
  'direct',
  'proxies',
  'proxy_list',
] as const;

const strategyName: Read<StrategyName> = (value, name) => checkOneOf(name, value, strategyNames);

const readConfig: Read<Omit<Config, 'file'>> = (json, name) => {
  const field = fieldsOf(json, name, configKeys);
  return {
    gateway: field('gateway', readGateway) ?? {},
    api: field('api', readApi) ?? {},
    rotator: defined({
      circuitBreaker: field('circuit_breaker', readBreaker),
      strategy: field('strategy', strategyName),
      retryStrategy: field('retry_strategy', strategyName),
    }),
    retryPolicy: field('retry_policy', (value) => RetryPolicy.fromJson(value as Partial<RetryPolicyJson>)),
    health: field('health_check', readHealth),
    direct: field('direct', flag) ?? false,
    proxies: field('proxies', list(readProxy)) ?? [],
    proxyList: field('proxy_list', text),
  };
};

const readGateway: Read<Config['gateway']> = (value, name) => {
  const field = fieldsOf(value, name, ['host', 'port', 'users', 'connect_ports', 'allow_private_targets']);
  return defined({
    host: field('host', text),
    port: field('port', port),
    auth: field('users', list(readUser)),
    connectPorts: field('connect_ports', list(port)),
    allowPrivateTargets: field('allow_private_targets', flag),
  });
};

const readUser: Read<GatewayUser> = (value, name) => {
  const keys = ['username', 'password', 'tags', 'region', 'max_concurrent', 'rate_per_second'] as const;
  const field = fieldsOf(value, name, keys);
  const [username, password] = [field('username', text), field('password', text)];
  const binding = defined({
    tags: field('tags', list(text)),
    region: field('region', text),
    maxConcurrent: field('max_concurrent', number({ min: 1, whole: true })),
    ratePerSecond: field('rate_per_second', number({ min: 0.001 })),
  });
  if (username !== undefined && password !== undefined) return { username, password, ...binding };
  throw new InvalidOptionError(name, undefined, `${name} needs a username and a password`);
};

const readApi: Read<Config['api']> = (value, name) => {
  const field = fieldsOf(value, name, ['host', 'port', 'auth', 'allowed_hosts']);
  return defined({
    host: field('host', text),
    port: field('port', port),
    auth: field('auth', flag),
    allowedHosts: field('allowed_hosts', list(text)),
  });
};

const seconds: Read<{ seconds: number }> = (value, name) => ({ seconds: number({ min: 0.001 })(value, name) });

const readBreaker: Read<BreakerSettings> = (value, name) => {
  const field = fieldsOf(value, name, ['failure_threshold', 'window_duration', 'timeout_duration']);
  return defined({
    failures: field('failure_threshold', number({ min: 1, whole: true })),
    window: field('window_duration', seconds),
    openFor: field('timeout_duration', seconds),
  });
};

const readHealth: Read<HealthOptions> = (value, name) => {
  const keys = ['url', 'timeout', 'interval', 'dead_interval', 'max_dead_interval', 'concurrency'] as const;
  const field = fieldsOf(value, name, keys);
  return defined({
    url: field('url', text),
    timeout: field('timeout', seconds),
    interval: field('interval', seconds),
    deadInterval: field('dead_interval', seconds),
    maxDeadInterval: field('max_dead_interval', seconds),
    concurrency: field('concurrency', number({ min: 1, whole: true })),
  });
};
