import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type HostRules, isHostAllowed } from './host.ts';

const rules: HostRules = { allowedHosts: [], port: 8000, anyAddress: false };

describe('on a loopback listener', () => {
  test.each(['localhost:8000', '127.0.0.1:8000', '[::1]:8000', 'LOCALHOST:8000'])('%s is one of our names', (host) => {
    expect(isHostAllowed(host, rules)).toBe(true);
  });

  test.each([
    undefined,
    '',
    'evil.example:8000',
    'localhost.evil.example:8000',
    'localhost:9000',
    'localhost',
    '127.0.0.1',
    '192.168.0.2:8000',
    'localhost:8000@evil.example',
    'evil.example/localhost:8000',
    'localhost:8000#evil.example',
    'localhost:99999',
    '[::2]:8000',
  ])('%s is not', (host) => {
    expect(isHostAllowed(host, rules)).toBe(false);
  });
});

test('every name that leads to the same address in digits is that address', () => {
  expect(isHostAllowed('2130706433:8000', rules)).toBe(true);
  expect(isHostAllowed('0x7f.1:8000', rules)).toBe(true);
});

test('port 80 need not be named', () => {
  expect(isHostAllowed('localhost', { ...rules, port: 80 })).toBe(true);
});

test('a configured name is allowed at every port, with a port only there', () => {
  const configured = { ...rules, allowedHosts: ['gateway.internal', 'other.internal:8443'] };
  expect(isHostAllowed('gateway.internal', configured)).toBe(true);
  expect(isHostAllowed('gateway.internal:444', configured)).toBe(true);
  expect(isHostAllowed('other.internal:8443', configured)).toBe(true);
  expect(isHostAllowed('other.internal', configured)).toBe(false);
});

test('where other machines may come, any address in digits will do, and still no name', () => {
  const open = { ...rules, anyAddress: true };
  expect(isHostAllowed('192.168.0.2:8000', open)).toBe(true);
  expect(isHostAllowed('[fe80::1]:9', open)).toBe(true);
  expect(isHostAllowed('evil.example:8000', open)).toBe(false);
});

test('no domain name is ever allowed by itself', () => {
  fc.assert(
    fc.property(fc.domain(), fc.boolean(), (name, anyAddress) => {
      expect(isHostAllowed(`${name}:8000`, { ...rules, anyAddress })).toBe(false);
    }),
  );
});
