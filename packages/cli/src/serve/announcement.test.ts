import { expect, test } from 'vitest';
import { announcement } from './announcement.ts';
import { parseConfig } from './config.ts';
import { planServe, type ServePlan } from './plan.ts';

const server = { gateway: 'http://127.0.0.1:1', api: 'http://127.0.0.1:2', token: 'abc', proxies: 1 };
const demo = { http: 'http://127.0.0.1:3', https: 'https://127.0.0.1:4', caPath: '/tmp/ca.pem' };
const plan = (changes: Partial<Parameters<typeof planServe>[0]> = {}, json = false): ServePlan =>
  planServe({
    config: undefined,
    proxies: [],
    token: undefined,
    ...changes,
    flags: { auth: true, json, ...changes.flags },
  });

test('--json is exactly one line', () => {
  const line = announcement(plan({}, true), server, demo);
  expect(line.indexOf('\n')).toBe(line.length - 1);
  expect(JSON.parse(line)).toEqual({
    gateway: 'http://127.0.0.1:1',
    api: 'http://127.0.0.1:2',
    token: 'abc',
    demo: { http: 'http://127.0.0.1:3', https: 'https://127.0.0.1:4', ca: '/tmp/ca.pem' },
  });
});

test('--json leaves the demonstration out where none runs, and has no token where none is asked for', () => {
  const line = announcement(plan({}, true), { ...server, token: undefined }, undefined);
  expect(JSON.parse(line)).toEqual({ gateway: 'http://127.0.0.1:1', api: 'http://127.0.0.1:2', token: null });
});

test('the block has the three addresses, the token and one command for both origins', () => {
  const block = announcement(plan(), server, demo);
  expect(block).toContain('Gateway    http://127.0.0.1:1\n');
  expect(block).toContain('REST API   http://127.0.0.1:2/api/v1\n');
  expect(block).toContain('Dashboard  http://127.0.0.1:2/#token=abc\n');
  expect(block).toContain(
    'curl --cacert /tmp/ca.pem -x http://127.0.0.1:1 http://127.0.0.1:3/json https://127.0.0.1:4/json\n',
  );
});

test('the command for a gateway with users names one, without the password, and quotes what needs it', () => {
  const config = { gateway: { users: [{ username: 'eve', password: 'secret' }] } };
  const said = { config: parseConfig(JSON.stringify(config), ''), flags: { auth: true, demo: true } };
  const block = announcement(plan(said), server, { ...demo, caPath: '/my files/ca.pem' });
  expect(block).toContain('curl --cacert "/my files/ca.pem" -U eve -x');
  expect(block).not.toContain('secret');
});

test('a token that the user has set is not printed', () => {
  const block = announcement(plan({ token: 'abc' }), server, demo);
  expect(block).not.toContain('abc');
  expect(block).toContain('/#token=$MULLIGAN_API_KEY\n');
});

test('without a token the dashboard has a plain address', () => {
  expect(announcement(plan(), { ...server, token: undefined }, demo)).toContain('Dashboard  http://127.0.0.1:2/\n');
});

test.each([
  [{ flags: { auth: true, direct: true } }, 'without proxies'],
  [{ flags: { auth: true, proxy: ['a:1'] }, proxies: [{ settings: { url: 'a:1' }, place: '' }] }, 'through 1 proxy'],
])('the first line says what requests go through', (said, words) => {
  expect(announcement(plan(said), server, undefined)).toMatch(
    new RegExp(`^\\nmulligan \\d+\\.\\d+\\.\\d+, ${words}\\n`),
  );
});
