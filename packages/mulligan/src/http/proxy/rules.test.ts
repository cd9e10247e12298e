import { expect, test } from 'vitest';
import { InvalidOptionError } from '../../kernel/index.ts';
import { proxyRule } from './rules.ts';

const hostOf = (env: Record<string, string>, target: string): string | undefined =>
  proxyRule('environment', env)(new URL(target))?.host;

test('an address is for everything', () => {
  const rule = proxyRule('http://ada:s3cret@proxy.test:8080');
  expect(rule(new URL('https://a.test/'))?.host).toBe('proxy.test:8080');
  expect(rule(new URL('http://127.0.0.1/'))?.host).toBe('proxy.test:8080');
});

test.each([
  [{}, 'http://a.test/', undefined],
  [{ HTTPS_PROXY: 'http://p.test:1' }, 'https://a.test/', 'p.test:1'],
  [{ HTTPS_PROXY: 'http://p.test:1' }, 'http://a.test/', undefined],
  [{ HTTP_PROXY: 'http://p.test:1' }, 'http://a.test/', 'p.test:1'],
  [{ HTTP_PROXY: 'p.test:1' }, 'http://a.test/', 'p.test:1'],
  [{ ALL_PROXY: 'http://p.test:1', HTTP_PROXY: 'http://q.test:1' }, 'http://a.test/', 'q.test:1'],
  [{ ALL_PROXY: 'http://p.test:1', HTTP_PROXY: 'http://q.test:1' }, 'https://a.test/', 'p.test:1'],
  [{ HTTPS_PROXY: 'http://p.test:1', https_proxy: 'http://q.test:1' }, 'https://a.test/', 'q.test:1'],
  [{ HTTP_PROXY: 'http://evil.test:1', REQUEST_METHOD: 'GET' }, 'http://a.test/', undefined],
  [{ http_proxy: 'http://p.test:1', REQUEST_METHOD: 'GET' }, 'http://a.test/', 'p.test:1'],
])('%o: %s through %s', (env, target, host) => {
  expect(hostOf(env, target)).toBe(host);
});

test.each([
  ['a.test', 'https://a.test/', true],
  ['a.test', 'https://b.a.test/', true],
  ['.a.test', 'https://a.test/', true],
  ['*.a.test', 'https://b.a.test/', true],
  ['a.test', 'https://not-a.test/', false],
  ['b.test, A.test', 'https://a.test/', true],
  ['a.test:443', 'https://a.test/', true],
  ['a.test:8443', 'https://a.test/', false],
  ['127.0.0.1 localhost', 'http://127.0.0.1:99/', true],
  ['[::1]', 'http://[::1]:99/', true],
  ['*', 'https://a.test/', true],
  ['', 'https://a.test/', false],
])('NO_PROXY=%s and %s: directly %s', (exceptions, target, isDirect) => {
  expect(hostOf({ ALL_PROXY: 'http://p.test:1', NO_PROXY: exceptions }, target) === undefined).toBe(isDirect);
});

test.each([
  ['socks5://ada:s3cret@proxy.test:1080', 'got "socks5://proxy.test:1080"'],
  ['ada:s3cret@proxy.test', 'proxy must be the address of an HTTP proxy'],
  ['', 'got ""'],
])('%s is refused in a sentence without its credentials', (proxy, sentence) => {
  expect(() => proxyRule(proxy)).toThrow(sentence);
  expect(() => proxyRule(proxy)).toThrow(InvalidOptionError);
  expect(() => proxyRule(proxy)).toThrow(/^(?!.*s3cret)/);
  expect(() => proxyRule('environment', { HTTPS_PROXY: 'ftp://ada:s3cret@p.test' })).toThrow(
    'HTTPS_PROXY must be the address of an HTTP proxy, such as http://user:password@host:8080, got "ftp://p.test"',
  );
});
