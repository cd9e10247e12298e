import { expect, test } from 'vitest';
import { virtualWorld } from 'mulligan/testing';
import { testApi } from '../../../../../test/support/api.ts';
import { Lockout } from './lockout.ts';

const wrong = (lockout: Lockout, address: string, times: number): void => {
  for (let time = 0; time < times; time++) lockout.wrong(address);
};

test('ten wrong tokens within a minute lock an address out for a minute, and no other', async () => {
  const world = virtualWorld();
  const lockout = new Lockout(world);
  wrong(lockout, '192.0.2.1', 9);
  expect(lockout.waitMs('192.0.2.1')).toBe(0);
  await world.advance('59s');
  wrong(lockout, '192.0.2.1', 1);
  expect([lockout.waitMs('192.0.2.1'), lockout.waitMs('192.0.2.2')]).toEqual([60_000, 0]);
  await world.advance('60s');
  expect(lockout.waitMs('192.0.2.1')).toBe(0);
});

test('fewer in a minute lock nobody out, however long it goes on', async () => {
  const world = virtualWorld();
  const lockout = new Lockout(world);
  for (let minute = 0; minute < 5; minute++) {
    wrong(lockout, '192.0.2.1', 9);
    await world.advance('1m');
  }
  expect(lockout.waitMs('192.0.2.1')).toBe(0);
});

test('an IPv6 client cannot go on from another address of its network', () => {
  const lockout = new Lockout(virtualWorld());
  for (let host = 1; host <= 10; host++) lockout.wrong(`2001:db8:1:2::${host}`);
  expect(lockout.waitMs('2001:db8:1:2:ffff::1')).toBe(60_000);
  expect(lockout.waitMs('2001:db8:1:3::1')).toBe(0);
});

test('an IPv4 address is the same one in its IPv6 form', () => {
  const lockout = new Lockout(virtualWorld());
  wrong(lockout, '::ffff:192.0.2.1', 10);
  expect(lockout.waitMs('192.0.2.1')).toBe(60_000);
});

test.each(['127.0.0.1', '127.9.9.9', '::1', '::ffff:127.0.0.1'])('%s is never locked out: it is shared', (address) => {
  const lockout = new Lockout(virtualWorld());
  wrong(lockout, address, 100);
  expect(lockout.waitMs(address)).toBe(0);
});

test('who is locked out is told for how long, even with the right token', async () => {
  const { ask, world } = testApi({ loopbackOnly: false });
  const from = '192.0.2.1';
  const guess = () => ask('GET', '/api/v1/status', { from, headers: { 'x-api-key': 'a guess' } });
  for (let time = 0; time < 10; time++) expect((await guess()).status).toBe(401);
  await world.advance('15.5s');
  const answer = await ask('PUT', '/api/v1/retry/policy', { from, json: {} });
  expect([answer.status, answer.headers.get('retry-after')]).toEqual([429, '45']);
  expect(answer.body).toMatchObject({ error: 'TOO_MANY_ATTEMPTS' });
  expect((await ask('PUT', '/api/v1/retry/policy', { from: '192.0.2.2', json: {} })).status).toBe(200);
  await world.advance('45s');
  expect((await ask('PUT', '/api/v1/retry/policy', { from, json: {} })).status).toBe(200);
});

test('a request without any token is no guess', async () => {
  const { ask } = testApi({ loopbackOnly: false });
  const from = '192.0.2.1';
  for (let time = 0; time < 20; time++) await ask('GET', '/api/v1/status', { from });
  expect((await ask('GET', '/api/v1/status', { from, withToken: true })).status).toBe(200);
});
