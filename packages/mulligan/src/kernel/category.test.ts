import { expect, test } from 'vitest';
import { categorize, factsOf, isTransient, isUnprocessed } from './category.ts';
import { MulliganError, TimeoutError } from './error.ts';

const withCode = (code: string): Error => Object.assign(new Error('failed'), { code });
const withStatus = (status: number): Error => Object.assign(new Error('failed'), { status });

test.each([
  ['ECONNREFUSED', 'connect', true, true],
  ['UND_ERR_CONNECT_TIMEOUT', 'timeout', true, true],
  ['ENOTFOUND', 'dns', true, true],
  ['EAI_NODATA', 'dns', false, false],
  ['ECONNRESET', 'reset', true, false],
  ['EPIPE', 'reset', true, false],
  ['UND_ERR_BODY_TIMEOUT', 'timeout', true, false],
  ['HPE_INVALID_CONSTANT', 'protocol', true, false],
  ['CERT_HAS_EXPIRED', 'tls', false, false],
  ['ERR_SSL_WRONG_VERSION_NUMBER', 'tls', false, true],
  ['ABORT_ERR', 'abort', false, false],
  ['ERR_INVALID_URL', 'invalid', false, false],
  ['EWHATEVER', 'unknown', false, false],
])('the code %s is %s', (code, category, transient, unprocessed) => {
  const error = withCode(code);
  expect(categorize(error)).toBe(category);
  expect(isTransient(error)).toBe(transient);
  expect(isUnprocessed(error)).toBe(unprocessed);
});

test.each([
  [400, 'http', false],
  [401, 'auth', false],
  [403, 'auth', false],
  [404, 'http', false],
  [407, 'auth', false],
  [408, 'http', true],
  [425, 'http', true],
  [429, 'rate-limit', true],
  [500, 'http', true],
  [501, 'http', false],
  [503, 'http', true],
  [529, 'http', true],
])('status %d is %s', (status, category, transient) => {
  for (const error of [
    withStatus(status),
    Object.assign(new Error('e'), { statusCode: status }),
    Object.assign(new Error('e'), { response: { status } }),
    Object.assign(new Error('e'), { $metadata: { httpStatusCode: status } }),
  ]) {
    expect(categorize(error)).toBe(category);
    expect(isTransient(error)).toBe(transient);
  }
});

test.each([200, 301, 600, -1])('status %d says nothing about a failure', (status) => {
  expect(categorize(withStatus(status))).toBe('unknown');
});

test.each([408, 425, 429])('after status %d nothing was processed', (status) => {
  expect(isUnprocessed(withStatus(status))).toBe(true);
});

test.each([400, 404, 424, 428, 500, 503, 529])('after status %d something may have been processed', (status) => {
  expect(isUnprocessed(withStatus(status))).toBe(false);
});

test('the statuses of failures end with 599', () => {
  expect(categorize(withStatus(599))).toBe('http');
});

test.each(['fetch failed', 'terminated', 'network error', 'Failed to fetch', 'Load failed'])(
  'a platform says “%s” when the connection broke',
  (message) => {
    const facts = { category: 'reset', isTransient: true, isUnprocessed: false };
    expect(factsOf(new TypeError(message))).toEqual(facts);
    expect(categorize(new TypeError(`${message} by my own code`))).toBe('unknown');
    expect(categorize(new TypeError(`my ${message}`))).toBe('unknown');
  },
);

test('a platform’s word for a request that can never work begins the message', () => {
  expect(categorize(new TypeError('bad port'))).toBe('invalid');
  expect(categorize(new TypeError('Invalid URL: x'))).toBe('invalid');
  expect(categorize(new TypeError('no bad port'))).toBe('unknown');
});

test('an error of the HTTP parser is known by its name where it has no code', () => {
  const error = Object.assign(new Error('Parse Error'), { name: 'HTTPParserError' });
  expect(factsOf(error)).toEqual({ category: 'protocol', isTransient: true, isUnprocessed: false });
});

test('a code that is no text says nothing', () => {
  expect(categorize(Object.assign(new Error('failed'), { code: 20 }))).toBe('unknown');
});

test('what says nothing itself leaves the word to what is behind it', () => {
  const silent = new Error('silent', { cause: new Error('silent, too') });
  const both = new AggregateError([silent, withCode('ECONNREFUSED')], '', { cause: silent });
  expect(categorize(both)).toBe('connect');
});

test('causes are followed five deep', () => {
  const nest = (depth: number): Error =>
    depth === 0 ? withCode('ECONNRESET') : new Error('outer', { cause: nest(depth - 1) });
  expect(categorize(nest(5))).toBe('reset');
  expect(categorize(nest(6))).toBe('unknown');
});

test('a failed fetch is a TypeError whose cause tells what happened', () => {
  expect(categorize(new TypeError('fetch failed', { cause: withCode('ECONNREFUSED') }))).toBe('connect');
  expect(categorize(new TypeError('fetch failed'))).toBe('reset');
  expect(categorize(new TypeError('undefined is not a function'))).toBe('unknown');
});

test('the errors of happy eyeballs are looked into', () => {
  const both = new AggregateError([withCode('ENETUNREACH'), withCode('ECONNREFUSED')], '');
  expect(categorize(new TypeError('fetch failed', { cause: both }))).toBe('connect');
});

test('what happened last counts before what caused it', () => {
  expect(categorize(Object.assign(withCode('ECONNRESET'), { cause: withCode('ENOTFOUND') }))).toBe('reset');
});

test("the platform's own errors are known by name", () => {
  expect(categorize(new DOMException('stop', 'AbortError'))).toBe('abort');
  expect(categorize(new DOMException('late', 'TimeoutError'))).toBe('timeout');
  expect(isTransient(AbortSignal.abort().reason)).toBe(false);
});

test('errors of our own are known by code', () => {
  expect(factsOf(new TimeoutError('call', 1, 'call'))).toMatchObject({ category: 'timeout', isTransient: true });
  expect(factsOf(new MulliganError('MULLIGAN_CIRCUIT_OPEN', 'open'))).toMatchObject({
    category: 'connect',
    isTransient: true,
    isUnprocessed: true,
  });
  expect(categorize(new MulliganError('MULLIGAN_INVALID_OPTION', 'bad'))).toBe('invalid');
});

test.each([undefined, null, 'ECONNRESET', 5, Symbol('s'), () => {}, {}])('%o is unknown, and not retried', (thrown) => {
  expect(categorize(thrown)).toBe('unknown');
  expect(isTransient(thrown)).toBe(false);
});

test.each([
  [502, 'http', true],
  [407, 'auth', false],
])('a proxy that answers %i and opens no tunnel has sent nothing on', (status, category, isWorthRetrying) => {
  const facts = { category, isTransient: isWorthRetrying, isUnprocessed: true };
  const message = `Proxy response (${status}) !== 200 when HTTP Tunneling`;
  const told = Object.assign(new Error(message), { name: 'AbortError', code: 'UND_ERR_ABORTED' });
  expect(factsOf(new TypeError('fetch failed', { cause: told }))).toEqual(facts);
  const ours = Object.assign(new MulliganError('MULLIGAN_PROXY_REFUSED', 'no tunnel'), { status });
  expect(factsOf(ours)).toEqual(facts);
});

test.each(['unexpected redirect', 'unknown scheme', 'bad port'])('`fetch failed: %s` is a mistake', (message) => {
  expect(factsOf(new TypeError('fetch failed', { cause: new Error(message) }))).toMatchObject({
    category: 'invalid',
    isTransient: false,
  });
});

test('causes that go in a circle come to an end', () => {
  const first = new Error('first');
  const second = new Error('second', { cause: first });
  first.cause = second;
  expect(categorize(first)).toBe('unknown');
});
