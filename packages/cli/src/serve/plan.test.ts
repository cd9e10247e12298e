import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseConfig } from './config.ts';
import type { ServeFlags } from './flags.ts';
import { planServe, type ServePlan } from './plan.ts';

interface Said {
  readonly flags?: Partial<ServeFlags>;
  readonly config?: object;
  readonly token?: string;
  readonly checkUrl?: string;
}

/** Plans what a user has said; `--proxy` is read as the command does. */
function plan({ flags, config, token, checkUrl }: Said = {}): ServePlan {
  const named = (flags?.proxy ?? []).map((url) => ({ settings: { url }, place: '--proxy' }));
  return planServe({
    flags: { auth: true, ...flags },
    config: config === undefined ? undefined : parseConfig(JSON.stringify(config), 'mulligan.json'),
    proxies: named,
    token,
    checkUrl,
  });
}
const flags = (given: Partial<ServeFlags>): ServePlan => plan({ flags: given });
const urlsOf = ({ rotator }: ServePlan): string[] => rotator.proxies.map(({ url }) => url);

test('without any configuration the demonstration runs on 127.0.0.1:8080 and :8000', () => {
  const { way, gateway, api, isJson, isVerbose } = plan();
  expect({ way, gateway, api, isJson, isVerbose }).toEqual({
    way: 'demo',
    gateway: { host: '127.0.0.1', port: 8080 },
    api: { host: '127.0.0.1', port: 8000 },
    isJson: false,
    isVerbose: false,
  });
});

test('the demonstration tries often and waits little; the gateway otherwise tries three times and waits from 1 s', () => {
  expect(plan().rotator.retryPolicy).toMatchObject({ maxAttempts: 6, baseDelayMs: 100 });
  expect(flags({ direct: true }).rotator.retryPolicy).toMatchObject({ maxAttempts: 3, baseDelayMs: 1000 });
});

test('--attempts and --timeout change the policy and nothing else in it', () => {
  const { retryPolicy } = flags({ attempts: '4', timeout: '2.5s' }).rotator;
  expect(retryPolicy).toMatchObject({ maxAttempts: 4, timeoutMs: 2500, baseDelayMs: 100 });
});

test('what the command line says wins over the file', () => {
  const config = {
    gateway: { host: '127.0.0.2', port: 1 },
    api: { host: '127.0.0.3', port: 2, auth: false },
    retry_policy: { max_attempts: 2, base_delay: 0.5, timeout: 9 },
    proxies: ['http://from.file:1'],
  };
  const given = { host: '127.0.0.4', port: '3', apiPort: '4', attempts: '5', proxy: ['http://from.line:1'] };
  const planned = plan({ config, flags: given });
  expect(planned.gateway).toEqual({ host: '127.0.0.4', port: 3 });
  expect(planned.api).toEqual({ host: '127.0.0.4', port: 4, auth: false });
  expect(planned.rotator.retryPolicy).toMatchObject({ maxAttempts: 5, baseDelayMs: 500, timeoutMs: 9000 });
  expect(urlsOf(planned)).toEqual(['http://from.line:1']);
});

test('everything of the file reaches the server', () => {
  const planned = plan({
    config: {
      gateway: {
        host: '0.0.0.0',
        users: [{ username: 'eve', password: 'secret' }],
        connect_ports: [443],
        allow_private_targets: true,
      },
      api: { allowed_hosts: ['gateway.internal'] },
      circuit_breaker: { failure_threshold: 3, window_duration: 20, timeout_duration: 0.5 },
      strategy: 'round-robin',
      proxies: [
        'one.example:3128',
        { url: 'http://two.example:1', id: 'two', max_concurrent: 3, rate_per_second: 1.5 },
      ],
    },
  });
  expect(planned.gateway).toEqual({
    host: '0.0.0.0',
    port: 8080,
    auth: [{ username: 'eve', password: 'secret' }],
    connectPorts: [443],
    allowPrivateTargets: true,
  });
  expect(planned.api.allowedHosts).toEqual(['gateway.internal']);
  expect(planned.rotator).toMatchObject({
    circuitBreaker: { failures: 3, window: { seconds: 20 }, openFor: { seconds: 0.5 } },
    strategy: 'round-robin',
    proxies: [
      { url: 'one.example:3128' },
      { url: 'http://two.example:1', id: 'two', maxConcurrent: 3, ratePerSecond: 1.5 },
    ],
  });
});

test('--proxy and --proxies add up, and the same proxy twice is one', () => {
  const proxy = ['http://one.example:1', 'http://one.example:1', 'http://three.example:3'];
  const planned = plan({ flags: { proxy, proxies: 'list.txt' } });
  expect([planned.way, planned.list]).toEqual(['proxies', 'list.txt']);
  expect(urlsOf(planned)).toEqual(['http://one.example:1', 'http://three.example:3']);
});

test('a list of the file is followed, unless the command line names proxies', () => {
  const config = { proxies: ['http://one.example:1'], proxy_list: 'https://lists.example/all' };
  expect(plan({ config })).toMatchObject({ way: 'proxies', list: 'https://lists.example/all' });
  expect(urlsOf(plan({ config }))).toEqual(['http://one.example:1']);
  const [listed, named] = [
    plan({ config, flags: { proxies: 'mine.txt' } }),
    plan({ config, flags: { proxy: ['http://two.example:2'] } }),
  ];
  expect([listed.list, urlsOf(listed)]).toEqual(['mine.txt', []]);
  expect([named.list, urlsOf(named)]).toEqual([undefined, ['http://two.example:2']]);
});

test('proxies are checked when somebody says so, wherever', () => {
  const [url, other] = ['https://probe.example/', 'https://other.example/'];
  const config = { direct: true, health_check: { url: other, interval: 30, max_dead_interval: 600, concurrency: 2 } };
  expect(plan().health).toBeUndefined();
  expect(flags({ checkUrl: url }).health).toEqual({ url });
  expect(flags({ checkInterval: '5s' }).health).toEqual({ interval: 5000 });
  expect(plan({ checkUrl: url }).health).toEqual({ url });
  expect(plan({ config }).health).toEqual({
    url: other,
    interval: { seconds: 30 },
    maxDeadInterval: { seconds: 600 },
    concurrency: 2,
  });
  expect(plan({ config, flags: { checkUrl: url, checkInterval: '2m' } }).health).toMatchObject({
    url,
    interval: 120_000,
    concurrency: 2,
  });
});

test.each<[string, Said, ServePlan['way']]>([
  ['--demo with a file for the rest', { flags: { demo: true }, config: { strategy: 'random' } }, 'demo'],
  ['--demo instead of the proxies of the file', { flags: { demo: true }, config: { proxies: ['a:1'] } }, 'demo'],
  ['--direct instead of the proxies of the file', { flags: { direct: true }, config: { proxies: ['a:1'] } }, 'direct'],
  ['direct in the file', { config: { direct: true } }, 'direct'],
  ['--proxy instead of direct in the file', { flags: { proxy: ['a:1'] }, config: { direct: true } }, 'proxies'],
])('%s', (_, said, way) => {
  const planned = plan(said);
  expect(planned.way).toBe(way);
  expect(planned.rotator.direct).toBe(way === 'direct');
  if (way !== 'proxies') expect(urlsOf(planned)).toEqual([]);
});

test('the token of the environment is the token of the API', () => {
  expect(plan({ token: 'abc' }).api.token).toBe('abc');
  expect('token' in plan().api).toBe(false);
});

test.each<[Said, string]>([
  [{ flags: { port: 'http' } }, '--port must be a whole number from 0 to 65535, got "http"'],
  [{ flags: { port: '65536' } }, '--port must be a whole number from 0 to 65535, got 65536'],
  [{ flags: { apiPort: '80.5' } }, '--api-port must be a whole number from 0 to 65535, got 80.5'],
  [
    { flags: { port: '9000', apiPort: '9000' } },
    'The gateway and the API cannot both have port 9000: choose others with --port and --api-port',
  ],
  [{ flags: { attempts: '0' } }, '--attempts must be a whole number from 1 to 10, got 0'],
  [{ flags: { attempts: 'many' } }, '--attempts must be a whole number from 1 to 10, got "many"'],
  [
    { flags: { timeout: '30' } },
    '--timeout must be a time of at least 100ms with its unit, such as 30s or 2m, got "30"',
  ],
  [
    { flags: { timeout: '99ms' } },
    '--timeout must be a time of at least 100ms with its unit, such as 30s or 2m, got "99ms"',
  ],
  [{ flags: { demo: true, direct: true } }, '--demo and --direct exclude each other'],
  [{ flags: { demo: true, proxy: ['a:1'] } }, '--demo and --proxy exclude each other'],
  [{ flags: { direct: true, proxies: 'list.txt' } }, '--direct and --proxies exclude each other'],
  [
    { flags: { proxy: ['ftp://a'] } },
    '--proxy: the protocol of a proxy must be one of http, https, socks4, socks4a, socks5, socks5h, got "ftp://a"',
  ],
  [
    { flags: { checkInterval: '1' } },
    '--check-interval must be a time of at least 100ms with its unit, such as 30s or 2m, got "1"',
  ],
  [
    { flags: { checkUrl: 'probe.example' } },
    'The address that proxies are checked with must begin with http:// or https://',
  ],
  [{ config: {} }, 'mulligan.json names no proxies: add some, or use --direct or --demo'],
  [{ config: { direct: true, proxies: ['a:1'] } }, 'mulligan.json: direct and proxies exclude each other'],
  [{ config: { direct: true, proxy_list: 'a' } }, 'mulligan.json: direct and proxies exclude each other'],
  [
    { config: { proxies: ['a:1', { url: 'b:1', max_concurrent: 0 }] } },
    'mulligan.json: proxies[1]: max_concurrent must be a whole number of at least 1, got 0',
  ],
  [
    { flags: { host: '0.0.0.0' } },
    'On 0.0.0.0 other machines could use the gateway: name its users in a file for --config (gateway.users), or stay on 127.0.0.1',
  ],
  [
    { flags: { auth: false }, config: { api: { host: '0.0.0.0' }, direct: true } },
    '--no-auth is for a loopback host: on 0.0.0.0 everyone could change the settings',
  ],
])('%j is answered in a sentence', (said, sentence) => {
  expect(() => plan(said)).toThrow(expect.objectContaining({ message: sentence }));
});

test('no sentence about a proxy shows its credentials', () => {
  const wrong = fc.constantFrom(
    'http://user:s3cret@',
    'ftp://user:s3cret@host:1',
    'http://user:s3cret@host:x',
    'user:s3cret@host:0',
  );
  fc.assert(
    fc.property(wrong, (url) => {
      expect(() => plan({ flags: { proxy: [url] } })).toThrow(/^(?!.*s3cret).*$/s);
    }),
  );
});

test('port 0 may be asked for twice', () => {
  const { gateway, api } = flags({ port: '0', apiPort: '0' });
  expect([gateway.port, api.port]).toEqual([0, 0]);
});
