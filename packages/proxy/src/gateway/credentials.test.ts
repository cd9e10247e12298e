import * as fc from 'fast-check';
import { virtualWorld } from 'mulligan/testing';
import { expect, test } from 'vitest';
import { Doorkeeper, readBasic, readUserName } from './credentials.ts';

const terms = { queue: 0, queueMs: 0, world: virtualWorld() };
const basic = (text: string): string => `Basic ${Buffer.from(text).toString('base64')}`;

test('Basic credentials are read, and nothing else is', () => {
  expect(readBasic(basic('eve:pa:ss'))).toEqual({ username: 'eve', password: 'pa:ss' });
  expect(readBasic('basic  ZTo=')).toEqual({ username: 'e', password: '' });
  for (const header of [undefined, '', 'Basic', 'Basic !!', 'Bearer ZTo=', basic('no colon')]) {
    expect(readBasic(header)).toBeUndefined();
  }
});

test('session and region come from the user name, in any order', () => {
  expect(readUserName('eve-session-abc-region-eu-west')).toEqual({ base: 'eve', session: 'abc', region: 'eu-west' });
  expect(readUserName('eve-region-eu-session-1')).toEqual({ base: 'eve', session: '1', region: 'eu' });
  expect(readUserName('eve')).toEqual({ base: 'eve' });
  expect(readUserName('eve-session-')).toEqual({ base: 'eve' });
});

test('only those who are known come in', () => {
  const door = new Doorkeeper([{ username: 'eve', password: 'secret' }], terms);
  expect(door.admit({ username: 'eve', password: 'secret' })).toEqual({ user: 'eve' });
  expect(door.admit({ username: 'eve-session-a', password: 'secret' })).toEqual({ user: 'eve', session: 'eve a' });
  for (const [username, password] of [
    ['eve', 'Secret'],
    ['Eve', 'secret'],
    ['eve', ''],
    ['', 'secret'],
    ['eve:s', 'ecret'],
  ]) {
    expect(door.admit({ username: username ?? '', password: password ?? '' })).toBeUndefined();
  }
  expect(door.admit(undefined)).toBeUndefined();
});

test('a user whose own name looks like a wish is found by it', () => {
  const door = new Doorkeeper([{ username: 'tom-region-north', password: 'p' }], terms);
  expect(door.admit({ username: 'tom-region-north', password: 'p' })).toEqual({ user: 'tom-region-north' });
  expect(door.admit({ username: 'tom', password: 'p' })).toBeUndefined();
});

test('without users everybody comes in, and wishes are heard', () => {
  const door = new Doorkeeper([], terms);
  expect(door.admit(undefined)).toEqual({});
  expect(door.admit({ username: 'any-region-eu', password: 'x' })).toEqual({ region: 'eu' });
});

test('no other name and password come in', () => {
  const door = new Doorkeeper([{ username: 'eve', password: 'secret' }], terms);
  fc.assert(
    fc.property(fc.string(), fc.string(), (username, password) => {
      fc.pre(!(username.startsWith('eve') && password === 'secret'));
      expect(door.admit({ username, password })).toBeUndefined();
    }),
  );
});
