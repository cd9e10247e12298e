import { readFileSync } from 'node:fs';
import { RetryPolicy } from '@mulligan/proxy';
import { expect, test } from 'vitest';
import { parseConfig } from './config.ts';
import { checkProxies } from './proxies.ts';

const read = (config: unknown): unknown => parseConfig(JSON.stringify(config), 'm.json');

test('a file may leave out everything', () => {
  expect(parseConfig('\uFEFF{}', 'm.json')).toEqual({
    file: 'm.json',
    gateway: {},
    api: {},
    rotator: {},
    retryPolicy: undefined,
    health: undefined,
    direct: false,
    proxies: [],
    proxyList: undefined,
  });
});

test('the file in the README has every field, with the defaults of the policy', () => {
  const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
  const [, json = ''] = /```json\n([^]*?)```/.exec(readme) ?? [];
  const { retryPolicy, proxies, ...rest } = parseConfig(json, 'README.md');
  expect(retryPolicy).toEqual(new RetryPolicy());
  expect(checkProxies(proxies.map((settings) => ({ settings, place: 'README.md' })))).toHaveLength(2);
  expect(rest).toMatchObject({
    gateway: { connectPorts: [80, 443, 8443], allowPrivateTargets: false },
    api: { auth: true, allowedHosts: ['gateway.internal'] },
    rotator: { circuitBreaker: { failures: 5 }, strategy: 'power-of-two-choices', retryStrategy: 'best-score' },
    health: { url: 'https://example.com/', concurrency: 10 },
    proxyList: 'proxies.txt',
  });
});

test.each<[unknown, string]>([
  [[], 'the configuration must be an object'],
  [{ gatway: {} }, "the configuration has no option 'gatway': did you mean 'gateway'?"],
  [{ gateway: 8080 }, 'gateway must be an object'],
  [{ gateway: { prt: 1 } }, "gateway has no option 'prt': did you mean 'port'?"],
  [{ gateway: { port: '8080' } }, 'gateway.port must be a whole number from 0 to 65535, got "8080"'],
  [{ gateway: { host: '' } }, 'gateway.host must be text'],
  [{ gateway: { users: [{ username: 'eve' }] } }, 'gateway.users[0] needs a username and a password'],
  [{ gateway: { users: [{ username: 'eve', password: 1234 }] } }, 'gateway.users[0].password must be text'],
  [
    { gateway: { users: [{ username: 'eve', password: 'x', max_concurrent: 0 }] } },
    'gateway.users[0].max_concurrent must be a whole number of at least 1, got 0',
  ],
  [{ gateway: { connect_ports: 443 } }, 'gateway.connect_ports must be a list'],
  [{ api: { auth: 'no' } }, 'api.auth must be true or false'],
  [{ retry_policy: { max_attempts: 11 } }, 'max_attempts: Input should be less than or equal to 10, got 11'],
  [
    { circuit_breaker: { failure_threshold: 0 } },
    'circuit_breaker.failure_threshold must be a whole number of at least 1, got 0',
  ],
  [
    { circuit_breaker: { window_duration: '60s' } },
    'circuit_breaker.window_duration must be a number of at least 0.001, got "60s"',
  ],
  [{ proxies: [{ uri: 'a:1' }] }, "proxies[0] has no option 'uri': did you mean 'url'?"],
])('%j is answered in a sentence', (config, sentence) => {
  expect(() => read(config)).toThrow(expect.objectContaining({ message: `m.json: ${sentence}` }));
});

test('a strategy that there is not is answered with those that there are', () => {
  expect(() => read({ strategy: 'best' })).toThrow(/^m\.json: strategy must be one of .*'round-robin'.*, got "best"$/);
});

test('what is not JSON is answered without a word of the file, which may hold passwords', () => {
  expect(() => parseConfig('{\n  "proxies": ["http://u:s3cret@h:1" "x"]\n}', 'm.json')).toThrow(
    /^m\.json: this is not JSON(?:, see line 2)?$/,
  );
  expect(() => parseConfig('s3cret', 'm.json')).toThrow(/^m\.json: this is not JSON$/);
});
