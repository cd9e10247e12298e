import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ProxyPool } from '@mulligan/proxy';
import { virtualWorld } from 'mulligan/testing';
import { expect, onTestFinished, test } from 'vitest';
import { startListening } from '../demo/listening.ts';
import { followList } from './follow-list.ts';

/** A file with this text, and what following it tells. */
function listed(text: string) {
  const folder = mkdtempSync(join(tmpdir(), 'mulligan-list-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const path = join(folder, 'proxies.txt');
  const write = (content: string): void => writeFileSync(path, content);
  write(text);
  return { path, write, ...following(path) };
}

function following(list: string) {
  const [pool, world, told, warned] = [new ProxyPool(), virtualWorld(), [] as string[], [] as string[]];
  const tell = (sentence: string): void => void told.push(sentence);
  const warn = (sentence: string): void => void warned.push(sentence);
  const ids = (): string[] => pool.list().map(({ id }) => id);
  const follow = async () => {
    const watched = await followList(pool, list, world, { tell, warn });
    onTestFinished(() => watched.close());
    return watched;
  };
  return { pool, told, warned, ids, follow };
}

test('a list may be lines with comments, CSV or JSON', async () => {
  for (const text of [
    '# mine\n\nhttp://one.example:1 # near\r\nsocks5://two.example:2\n',
    'url,region\nhttp://one.example:1,EU\nsocks5://two.example:2,US\n',
    '["http://one.example:1", { "url": "socks5://two.example:2" }]',
  ]) {
    const { follow, ids, told, warned } = listed(text);
    await follow();
    expect(ids()).toEqual(['one.example:1', 'two.example:2']);
    expect([told, warned]).toEqual([[], []]);
  }
});

test('its changes are followed and told of; proxies from elsewhere stay', async () => {
  const { path, write, pool, follow, ids, told } = listed('one.example:1\ntwo.example:2\n');
  pool.add('own.example:9');
  const watched = await follow();
  write('two.example:2\nthree.example:3\nfour.example:4\n');
  await watched.refresh();
  expect(ids()).toEqual(['own.example:9', 'two.example:2', 'three.example:3', 'four.example:4']);
  expect(told).toEqual([`${path}: 2 added, 0 changed, 1 removed`]);
});

test('a bad line ends the start, and later it is left out; neither sentence has its credentials', async () => {
  const bad = 'http://user:s3cret@b:x';
  const start = listed(`one.example:1\n${bad}\n`);
  await expect(start.follow()).rejects.toThrow(
    `${start.path}, line 2: the port of a proxy must be a whole number from 1 to 65535, got "http://***@b:x"`,
  );
  const { path, write, follow, ids, warned } = listed('one.example:1\n');
  const watched = await follow();
  write(`one.example:1\n${bad}\ntwo.example:2\n`);
  await watched.refresh();
  expect(ids()).toEqual(['one.example:1', 'two.example:2']);
  expect(warned).toEqual([expect.stringContaining(`${path}, line 2: the port`)]);
  expect(warned.join()).not.toMatch(/s3cret/u);
});

test.each([
  ['# none\n', / lists no proxies$/u],
  ['', / lists no proxies$/u],
])('a list without a proxy, %j, is answered', async (text, sentence) => {
  await expect(listed(text).follow()).rejects.toThrow(sentence);
});

test('a file that is not there is answered in a sentence', async () => {
  await expect(following('/no/such').follow()).rejects.toThrow(
    '--proxies: /no/such cannot be read: there is no such file',
  );
});

test('a list of a URL is fetched; a bad line of it is told of, and its key is in no sentence', async () => {
  const server = createServer((_, response) => response.end('one.example:1\nftp://b\n'));
  const port = await startListening(server);
  onTestFinished(() => void server.close());
  const { follow, ids, warned } = following(`http://127.0.0.1:${port}/list?key=s3cret`);
  await follow();
  expect(ids()).toEqual(['one.example:1']);
  expect(warned).toEqual([expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/list, line 2: the protocol/u)]);
});

test('a URL that cannot be had is answered in a sentence without its key', async () => {
  const server = createServer((_, response) => void response.writeHead(404).end());
  const port = await startListening(server);
  onTestFinished(() => void server.close());
  const url = `http://127.0.0.1:${port}/list`;
  await expect(following(`${url}?key=s3cret`).follow()).rejects.toThrow(
    `--proxies: ${url} cannot be had: ${url} answered 404`,
  );
  await expect(following('http://').follow()).rejects.toThrow('--proxies must be a file or a URL');
});
