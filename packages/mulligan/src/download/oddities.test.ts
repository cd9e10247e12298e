import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, onTestFinished, test } from 'vitest';
import { type FileRules, type FileServer, serveFile } from '../../../../test/support/file-server.ts';
import { createSession } from '../http/index.ts';
import { download } from './download.ts';
import type { DownloadOptions } from './options.ts';

const content = randomBytes(300_000);
const other = randomBytes(300_000);
const cut = 100_000;
const sri = (bytes: Buffer): string => `sha256-${createHash('sha256').update(bytes).digest('base64')}`;
const quick: DownloadOptions = { retry: { attempts: 4, backoff: () => 0 } };

async function setting(rules: Partial<FileRules>): Promise<{ server: FileServer; folder: string; path: string }> {
  const server = await serveFile({ content, ...rules });
  const folder = await mkdtemp(join(tmpdir(), 'mulligan-oddity-'));
  onTestFinished(async () => {
    await server.close();
    await rm(folder, { recursive: true });
  });
  return { server, folder, path: join(folder, 'file.bin') };
}

/** Downloads from a server that cuts the first answer; gives the file, and what ranges were asked for. */
async function fetched(rules: Partial<FileRules>, options: DownloadOptions = quick) {
  const { server, path } = await setting({ cutAfter: (n) => (n === 1 ? cut : undefined), ...rules });
  await download(server.url, path, options);
  const file = await readFile(path);
  const is = file.equals(content) ? 'content' : file.equals(other) ? 'other' : 'wrong';
  return { is, ranges: server.requests.map(({ headers }) => headers.range), server };
}

const rest = `bytes=${cut}-`;

/** Answers the second request by hand. */
const second =
  (answer: (response: ServerResponse, request: IncomingMessage) => void): FileRules['answer'] =>
  (request, response, n) => {
    if (n === 2) answer(response, request);
    return n === 2;
  };

const part = (response: ServerResponse, headers: Record<string, string>, body: Buffer): void =>
  void response.writeHead(206, { 'content-length': body.length, ...headers }).end(body);

describe('what servers do when they are asked for the rest', () => {
  test('they ignore the range and send everything: it is taken from the first byte on', async () => {
    expect(await fetched({ ranges: false })).toMatchObject({ is: 'content', ranges: [undefined, rest] });
  });

  test('the file has become another: they send all of it', async () => {
    const { server, path } = await setting({ cutAfter: (n) => (n === 1 ? cut : undefined) });
    const onEvent: DownloadOptions['onEvent'] = (event) => {
      if (event.type === 'retry.scheduled') server.rules = { content: other, etag: '"v2"' };
    };
    await download(server.url, path, { ...quick, onEvent });
    expect((await readFile(path)).equals(other)).toBe(true);
  });

  test.each([
    ['of another version', { etag: '"v2"', 'content-range': `bytes ${cut}-299999/300000` }],
    ['without saying of which version', { 'content-range': `bytes ${cut}-299999/300000` }],
    ['of a version by a weak tag', { etag: 'W/"v1"', 'content-range': `bytes ${cut}-299999/300000` }],
    ['of a file of another size', { etag: '"v1"', 'content-range': `bytes ${cut}-299999/300001` }],
    ['that begins elsewhere', { etag: '"v1"', 'content-range': `bytes 0-199999/300000` }],
    ['without saying which', { etag: '"v1"' }],
    ['with a range that makes no sense', { etag: '"v1"', 'content-range': `bytes 299999-${cut}/300000` }],
    [
      'of a compressed file',
      { etag: '"v1"', 'content-encoding': 'gzip', 'content-range': `bytes ${cut}-299999/300000` },
    ],
  ])('they send a part %s: it begins anew', async (_name, headers) => {
    const answer = second((response) => part(response, headers, other.subarray(cut)));
    expect(await fetched({ answer })).toMatchObject({ is: 'content', ranges: [undefined, rest, undefined] });
  });

  test('they send less than they promise: the rest is asked for again', async () => {
    const headers = { etag: '"v1"', 'content-range': `bytes ${cut}-199999/300000` };
    const answer = second((response) => part(response, headers, content.subarray(cut, 200_000)));
    expect(await fetched({ answer })).toMatchObject({ is: 'content', ranges: [undefined, rest, 'bytes=200000-'] });
  });

  test('they send more than they promise: what is too much is left out', async () => {
    const answer = second((response) => {
      response.writeHead(206, { etag: '"v1"', 'content-range': `bytes ${cut}-199999/300000` });
      response.end(content.subarray(cut));
    });
    expect(await fetched({ answer })).toMatchObject({ is: 'content' });
  });

  test('416 although there is more: it begins anew', async () => {
    const answer = second(
      (response) => void response.writeHead(416, { etag: '"v1"', 'content-range': 'bytes */300000' }).end(),
    );
    expect(await fetched({ answer })).toMatchObject({ is: 'content', ranges: [undefined, rest, undefined] });
  });

  test('416 where everything is there, and its end was not seen: it is complete', async () => {
    const rules = { length: false, cutAfter: (n: number) => (n === 1 ? content.length : undefined) };
    const asked = [undefined, 'bytes=300000-'];
    expect(await fetched(rules)).toMatchObject({ is: 'content', ranges: asked });
  });

  test('416 for all of another version: it begins anew', async () => {
    const answer = second(
      (response) => void response.writeHead(416, { etag: '"v2"', 'content-range': 'bytes */300000' }).end(),
    );
    const rules = { length: false, answer, cutAfter: (n: number) => (n === 1 ? content.length : undefined) };
    expect(await fetched(rules)).toMatchObject({ is: 'content', ranges: [undefined, 'bytes=300000-', undefined] });
  });

  test.each([[204], [304]])('%i, which comes without a file: it begins anew', async (status) => {
    const answer = second((response) => void response.writeHead(status).end());
    expect(await fetched({ answer })).toMatchObject({ is: 'content', ranges: [undefined, rest, undefined] });
  });
});

describe('how a file is known again', () => {
  const lastModified = 'Tue, 01 Sep 2026 10:00:00 GMT';

  test.each([
    ['no validator', { etag: undefined }],
    ['a weak tag', { etag: 'W/"v1"' }],
    ['a date of this very moment', { etag: undefined, lastModified: new Date().toUTCString() }],
  ])('with %s it is not: it begins anew', async (_name, rules) => {
    expect(await fetched(rules)).toMatchObject({ is: 'content', ranges: [undefined, undefined] });
  });

  test('by a date that is old enough', async () => {
    const result = await fetched({ etag: undefined, lastModified });
    expect(result).toMatchObject({ is: 'content', ranges: [undefined, rest] });
    expect(result.server.requests[1]?.headers['if-range']).toBe(lastModified);
  });

  test('in chunks, without a length', async () => {
    expect(await fetched({ length: false })).toMatchObject({ is: 'content', ranges: [undefined, rest] });
  });
});

test('what is compressed although it was not asked for is unpacked, and never continued', async () => {
  const packed = gzipSync(content);
  const answer: FileRules['answer'] = (_request, response, n) => {
    response.writeHead(200, { etag: '"v1"', 'content-encoding': 'gzip', 'content-length': packed.length });
    if (n > 1) response.end(packed);
    else response.write(packed.subarray(0, cut), () => response.destroy());
    return true;
  };
  expect(await fetched({ answer })).toMatchObject({ is: 'content', ranges: [undefined, undefined] });
});

test('no HEAD is ever sent, and an empty file is a file', async () => {
  const { server, path } = await setting({ content: Buffer.alloc(0) });
  expect(await download(server.url, path, { parallel: 4, ...quick })).toMatchObject({ bytes: 0, isNew: true });
  expect(await readFile(path)).toHaveLength(0);
});

test('a redirect is followed each time anew, and a secret stays at home', async () => {
  const { server: store, path } = await setting({ cutAfter: (n) => (n === 1 ? cut : undefined) });
  const { server: door } = await setting({
    answer: (_request, response) =>
      Boolean(response.writeHead(302, { location: store.url.replace('127.0.0.1', 'localhost') }).end()),
  });
  await download(door.url, path, { ...quick, headers: { authorization: 'Bearer s3cret', 'x-api-key': 's3cret' } });
  expect((await readFile(path)).equals(content)).toBe(true);
  expect(door.requests).toHaveLength(2);
  for (const { headers } of door.requests)
    expect(headers).toMatchObject({ authorization: 'Bearer s3cret', 'x-api-key': 's3cret' });
  expect(store.requests).toHaveLength(2);
  for (const { headers } of store.requests) expect(JSON.stringify(headers)).not.toContain('s3cret');
  expect(store.requests[1]?.headers.range).toBe(rest);
});

describe('digests', () => {
  test('a wrong file is fetched once more from the first byte on, and then given up, without a trace', async () => {
    const { server, folder, path } = await setting({});
    const running = download(server.url, path, { ...quick, integrity: sri(other) });
    await expect(running).rejects.toMatchObject({
      code: 'MULLIGAN_DOWNLOAD_MISMATCH',
      expected: sri(other),
      actual: sri(content),
    });
    expect(server.requests).toHaveLength(2);
    expect(await readdir(folder)).toEqual([]);
  });

  test('a file that was damaged on the way is right the second time', async () => {
    const damaged = Buffer.from(content).fill(0, 5, 6);
    const rules = {
      answer: (_request: IncomingMessage, response: ServerResponse, n: number) =>
        n === 1 && Boolean(response.end(damaged)),
    };
    expect(await fetched({ ...rules, cutAfter: () => undefined }, { ...quick, integrity: sri(content) })).toMatchObject(
      { is: 'content' },
    );
  });

  test('the server says one itself', async () => {
    const headers = { 'repr-digest': `sha-256=:${createHash('sha256').update(other).digest('base64')}:` };
    const { server, path } = await setting({ headers });
    await expect(download(server.url, path, quick)).rejects.toMatchObject({ code: 'MULLIGAN_DOWNLOAD_MISMATCH' });
    server.rules = { content: other, headers };
    await download(server.url, path, quick);
    expect((await readFile(path)).equals(other)).toBe(true);
  });

  test('a size that is another is known before a byte has come', async () => {
    const { server, folder, path } = await setting({});
    const running = download(server.url, path, { ...quick, sizeBytes: 17 });
    await expect(running).rejects.toMatchObject({ code: 'MULLIGAN_DOWNLOAD_MISMATCH', expected: 17, actual: 300_000 });
    expect(server.requests).toHaveLength(1);
    expect(await readdir(folder)).toEqual([]);
  });
});

describe('mirrors', () => {
  const missing =
    (status: number): FileRules['answer'] =>
    (_request, response) =>
      Boolean(response.writeHead(status).end());

  test.each([[404], [503]])('after a %i the next one is asked at once', async (status) => {
    const { server: bad } = await setting({ answer: missing(status) });
    const { server: good, path } = await setting({});
    const waits: number[] = [];
    const onEvent: DownloadOptions['onEvent'] = (event) => {
      if (event.type === 'retry.scheduled') waits.push(event.waitMs);
    };
    await download({ urls: [bad.url, good.url] }, path, { onEvent });
    expect((await readFile(path)).equals(content)).toBe(true);
    expect(waits).toEqual([0]);
    expect([bad.requests.length, good.requests.length]).toEqual([1, 1]);
  });

  test.each([
    ['by the same tag', {}, {}, rest],
    ['by the digest', { etag: '"mine"' }, { integrity: sri(content) }, rest],
    ['and otherwise begins anew', { etag: '"mine"' }, {}, undefined],
  ])('one goes on where another was cut: %s', async (_name, rules, options, expected) => {
    const dead: FileRules['answer'] = (_request, response, n) => n > 1 && Boolean(response.destroy());
    const { server: first } = await setting({ cutAfter: () => cut, answer: dead });
    const { server: second, path } = await setting(rules);
    await download({ urls: [first.url, second.url] }, path, { ...quick, ...options });
    expect((await readFile(path)).equals(content)).toBe(true);
    const asked = second.requests.map(({ headers }) => headers.range);
    expect(asked.at(-1)).toBe(expected ?? rest);
    expect(second.sentBytes).toBe(expected === undefined ? content.length : content.length - cut);
  });

  test('when none has the file, the last one tells why', async () => {
    const { server: one } = await setting({ answer: missing(403) });
    const { server: two, path } = await setting({ answer: missing(404) });
    await expect(download({ urls: [one.url, two.url] }, path, quick)).rejects.toMatchObject({ status: 404 });
    expect([one.requests.length, two.requests.length]).toEqual([1, 1]);
  });
});

test('a server that asks for too long a wait is not waited for', async () => {
  const answer: FileRules['answer'] = (_request, response) =>
    Boolean(response.writeHead(503, { 'retry-after': '3600' }).end());
  const { server, path } = await setting({ answer });
  await expect(download(server.url, path)).rejects.toMatchObject({ status: 503 });
  expect(server.requests).toHaveLength(1);
});

test("a fetch of the caller's own is used, and a session's limits hold", async () => {
  const { server, path } = await setting({});
  const { fetch } = createSession();
  await download(server.url, path, { fetch });
  expect(server.requests).toHaveLength(1);
});
