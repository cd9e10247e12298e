import { once } from 'node:events';
import type { Socket } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { type ScriptedSocks, type SocksStep, startScriptedSocks } from '../../../../test/support/socks-proxy.ts';
import { ProxyAddress, type ProxyAddressParts } from '../address/index.ts';
import { AttemptFailure } from '../failure/index.ts';
import type { DialOptions, Place } from './options.ts';
import { dialThrough } from './through.ts';

const target: Place = { host: 'example.test', port: 443 };
const bound = [0, 1, 0, 0, 0, 0, 0, 0] as const;
const granted = Uint8Array.of(5, 0, ...bound);

const started: ScriptedSocks[] = [];
const dialled: Socket[] = [];
afterEach(async () => {
  for (const socket of dialled.splice(0)) socket.destroy();
  await Promise.all(started.splice(0).map((proxy) => proxy.close()));
});

async function script(...steps: SocksStep[]): Promise<ScriptedSocks> {
  const proxy = await startScriptedSocks(...steps);
  started.push(proxy);
  return proxy;
}

type Given = Partial<ProxyAddressParts> & { target?: Place; options?: DialOptions };

async function dial(proxy: ScriptedSocks, { target: place = target, options, ...parts }: Given = {}): Promise<Socket> {
  const address = new ProxyAddress({ protocol: 'socks5h', host: '127.0.0.1', port: proxy.port, ...parts });
  const socket = await dialThrough(address, place, options);
  dialled.push(socket);
  return socket;
}

async function failureOf(proxy: ScriptedSocks, given?: Given): Promise<AttemptFailure> {
  const error: unknown = await dial(proxy, given).catch((reason: unknown) => reason);
  if (error instanceof AttemptFailure) return error;
  throw new Error('expected an AttemptFailure', { cause: error });
}

async function echo(socket: Socket, text: string): Promise<string> {
  socket.write(text);
  const [chunk] = (await once(socket, 'data')) as [Buffer];
  return chunk.toString();
}

const lookupTarget: DialOptions['lookupTarget'] = (_name, { family }, answer) =>
  family === 4 ? answer(null, '192.0.2.7', 4) : answer(null, '2001:db8::7', 6);

test('socks5h hands the name to the proxy, and the tunnel begins right after the answer', async () => {
  const proxy = await script([3, Uint8Array.of(5, 0)], [19, Buffer.concat([granted, Buffer.from('glued')])]);
  const socket = await dial(proxy);
  expect(proxy.received).toEqual(['050100', `050100030c${Buffer.from('example.test').toString('hex')}01bb`]);
  const [chunk] = (await once(socket, 'data')) as [Buffer];
  expect(chunk.toString()).toBe('glued');
  expect(await echo(socket, 'ping')).toBe('ping');
});

test('socks5 looks the name up here', async () => {
  const proxy = await script([3, Uint8Array.of(5, 0)], [22, granted]);
  await dial(proxy, { protocol: 'socks5', options: { lookupTarget } });
  expect(proxy.received[1]).toBe('0501000420010db800000000000000000000000701bb');
});

test('socks5 sends an address as it is', async () => {
  const proxy = await script([3, Uint8Array.of(5, 0)], [10, granted]);
  await dial(proxy, { protocol: 'socks5', target: { host: '192.0.2.1', port: 80 } });
  expect(proxy.received[1]).toBe('05010001c00002010050');
});

test('credentials are offered, and sent when the proxy wants them', async () => {
  const proxy = await script([4, Uint8Array.of(5, 2)], [12, Uint8Array.of(1, 0)], [19, granted]);
  await dial(proxy, { username: 'eve', password: 'pässw' });
  const [user, password] = [Buffer.from('eve'), Buffer.from('pässw')].map((text) => text.toString('hex'));
  expect(proxy.received.slice(0, 2)).toEqual(['05020002', `0103${user}06${password}`]);
});

test('a proxy that names a long bound address is understood', async () => {
  for (const address of [
    [4, ...Array.from({ length: 16 }, () => 1)],
    [3, 5, ...Buffer.from('hello')],
  ]) {
    const answer = Buffer.concat([Uint8Array.of(5, 0, 0, ...address, 0, 80), Buffer.from('!')]);
    const socket = await dial(await script([3, Uint8Array.of(5, 0)], [19, answer]));
    const [chunk] = (await once(socket, 'data')) as [Buffer];
    expect(chunk.toString()).toBe('!');
  }
});

test('socks4 sends an IPv4 address, socks4a the name', async () => {
  const four = await script([13, Uint8Array.of(0, 90, 0, 0, 0, 0, 0, 0)]);
  await dial(four, { protocol: 'socks4', username: 'user', options: { lookupTarget } });
  expect(four.received).toEqual(['040101bbc0000207' + Buffer.from('user\0').toString('hex')]);
  const fourA = await script([22, Uint8Array.of(0, 90, 0, 0, 0, 0, 0, 0)]);
  await dial(fourA, { protocol: 'socks4a' });
  expect(fourA.received).toEqual(['040101bb00000001' + Buffer.from('\0example.test\0').toString('hex')]);
});

test('a reply code says whose fault it is', async () => {
  const blame: Record<number, string> = {
    1: 'proxy',
    2: 'proxy',
    3: 'proxy',
    4: 'target',
    5: 'target',
    6: 'target',
    7: 'proxy',
    8: 'proxy',
    99: 'proxy',
  };
  for (const [code, fault] of Object.entries(blame)) {
    const proxy = await script([3, Uint8Array.of(5, 0)], [19, Uint8Array.of(5, Number(code), ...bound)]);
    expect(await failureOf(proxy)).toMatchObject({ fault, mayFailOver: true, phase: 'handshake' });
  }
});

test('socks4 that rejects is not silent about it', async () => {
  const proxy = await script([22, Uint8Array.of(0, 91, 0, 0, 0, 0, 0, 0)]);
  expect(await failureOf(proxy, { protocol: 'socks4a' })).toMatchObject({ fault: 'proxy', isAmbiguous: true });
});

test('a proxy that refuses the credentials, or wants some, or speaks something else is charged', async () => {
  const refusing = await script([4, Uint8Array.of(5, 2)], [8, Uint8Array.of(1, 1)]);
  expect(await failureOf(refusing, { username: 'eve', password: 'pw' })).toMatchObject({ fault: 'proxy' });
  const wanting = await script([3, Uint8Array.of(5, 255)]);
  expect(await failureOf(wanting)).toMatchObject({ fault: 'proxy', message: expect.stringContaining('credentials') });
  const other = await script([3, 'HTTP/1.1 400 Bad Request\r\n\r\n']);
  expect(await failureOf(other)).toMatchObject({ fault: 'proxy', message: 'the answer is not SOCKS5' });
});

test('a proxy that breaks off in the middle of its answer is noticed at once, and leaves no socket', async () => {
  const proxy = await script([3, Uint8Array.of(5)], [0, 'close']);
  expect(await failureOf(proxy)).toMatchObject({ fault: 'proxy', phase: 'handshake' });
  await expect.poll(() => proxy.open).toBe(0);
});

test('credentials that do not fit are answered without a connection lost in between', async () => {
  const proxy = await script([4, Uint8Array.of(5, 2)]);
  const failure = await failureOf(proxy, { username: 'u'.repeat(256), password: 'p' });
  expect(failure.message).toBe('credentials for SOCKS5 end at 255 bytes');
  await expect.poll(() => proxy.open).toBe(0);
});
