import type { LookupFunction } from 'node:net';
import { expect, test } from 'vitest';
import { TargetPolicy, TargetRefused, type TargetRules } from './target-policy.ts';

const addresses: Readonly<Record<string, string>> = {
  'here.test': '127.0.0.1',
  'mixed.test': '10.0.0.1',
  'public.test': '93.184.216.34',
};

const lookup: LookupFunction = (name, options, answer) => {
  const address = addresses[name];
  if (address === undefined) answer(Object.assign(new Error('no'), { code: 'ENOTFOUND' }), []);
  else
    answer(
      null,
      [
        { address: '93.184.216.34', family: 4 },
        { address, family: 4 },
      ].slice(options.all === true ? 0 : 1),
    );
};

const policy = (rules: Partial<TargetRules> = {}): TargetPolicy =>
  new TargetPolicy({
    guardsPrivate: false,
    connectPorts: 'any',
    listeners: () => [{ host: '127.0.0.1', port: 8080 }],
    lookup,
    ...rules,
  });

const isRefused = (host: string, port: number, rules?: Partial<TargetRules>, isTunnel = true): Promise<boolean> =>
  policy(rules)
    .check({ host, port }, isTunnel)
    .then(
      () => false,
      (error: unknown) => error instanceof TargetRefused,
    );

const lookedUp = (name: string, port: number, rules?: Partial<TargetRules>): Promise<unknown> =>
  new Promise((resolve) => {
    policy(rules).lookupTarget(port)(name, { all: true }, (error, found) => resolve(error ?? found));
  });

test('the own listeners are never a target, under whatever name', async () => {
  const names = [
    '127.0.0.1',
    '0.0.0.0',
    '127.0.0.2',
    '::1',
    '::',
    '::ffff:127.0.0.1',
    '::ffff:7f00:1',
    'localhost',
    'LOCALHOST.',
    'a.localhost',
    'here.test',
  ];
  for (const host of names) {
    expect(await isRefused(host, 8080), host).toBe(true);
    expect(await isRefused(host, 8081), host).toBe(false);
  }
  expect(await isRefused('public.test', 8080)).toBe(false);
  expect(await isRefused('unknown.test', 8080)).toBe(false);
  expect(await lookedUp('here.test', 8080)).toBeInstanceOf(TargetRefused);
  expect(await lookedUp('here.test', 8081)).toHaveLength(2);
});

test('where others can reach the gateway, only public addresses are targets', async () => {
  const special = [
    '127.0.0.1',
    '10.1.2.3',
    '172.16.0.1',
    '192.168.1.1',
    '169.254.169.254',
    '100.64.0.1',
    '0.0.0.0',
    '224.0.0.1',
    '255.255.255.255',
  ];
  const special6 = [
    '::1',
    '::',
    'fe80::1',
    'fd00:ec2::254',
    'fc00::1',
    '::ffff:10.0.0.1',
    '64:ff9b::a00:1',
    '2002:a00:1::',
    'ff02::1',
  ];
  for (const host of [
    ...special,
    ...special6,
    '168.63.129.16',
    '192.0.0.192',
    'localhost',
    'metadata.google.internal.',
  ]) {
    expect(await isRefused(host, 80, { guardsPrivate: true }), host).toBe(true);
    expect(await isRefused(host, 80), host).toBe(false);
  }
  for (const host of ['93.184.216.34', '2606:4700::1111', 'public.test']) {
    expect(await isRefused(host, 80, { guardsPrivate: true }), host).toBe(false);
  }
});

test('a name is refused if any of its addresses is', async () => {
  expect(await lookedUp('mixed.test', 80, { guardsPrivate: true })).toBeInstanceOf(TargetRefused);
  expect(await lookedUp('public.test', 80, { guardsPrivate: true })).toHaveLength(2);
});

test('tunnels go to allowed ports only, and never to mail unless that was said', async () => {
  expect(await isRefused('public.test', 25)).toBe(true);
  expect(await isRefused('public.test', 25, { connectPorts: [25] })).toBe(false);
  expect(await isRefused('public.test', 444, { connectPorts: [443] })).toBe(true);
  expect(await isRefused('public.test', 444, { connectPorts: [443] }, false)).toBe(false);
});

test('a proxy that is this gateway itself is not used, and another may be', () => {
  expect(() => policy().checkProxy({ host: '127.0.0.1', port: 8081 })).not.toThrow();
  let refusal: unknown;
  try {
    policy().checkProxy({ host: '127.0.0.1', port: 8080 });
  } catch (error) {
    refusal = error;
  }
  expect(refusal).toMatchObject({ fault: 'proxy', mayFailOver: true });
});
