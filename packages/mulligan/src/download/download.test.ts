import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { type FileRules, type FileServer, serveFile } from '../../../../test/support/file-server.ts';
import { createSession } from '../http/index.ts';
import { ledgerOf } from '../retry/index.ts';
import { download } from './download.ts';
import type { DownloadOptions, DownloadProgress } from './options.ts';
import { unfinishedOf } from './unfinished.ts';
import { withDownload } from './with-download.ts';

const content = randomBytes(3_000_000);
const sri = (bytes: Buffer, algorithm = 'sha256'): string =>
  `${algorithm}-${createHash(algorithm).update(bytes).digest('base64')}`;

interface Setting {
  readonly server: FileServer;
  readonly folder: string;
  readonly path: string;
}

async function setting(rules: Partial<FileRules> = {}): Promise<Setting> {
  const server = await serveFile({ content, ...rules });
  const folder = await mkdtemp(join(tmpdir(), 'mulligan-download-'));
  onTestFinished(async () => {
    await server.close();
    await rm(folder, { recursive: true });
  });
  return { server, folder, path: join(folder, 'file.bin') };
}

/** Waits that take no time. */
const quick: DownloadOptions = { retry: { attempts: 5, backoff: () => 0 } };
const once: DownloadOptions = { retry: false };

/** Comparing byte by byte in a message would take minutes. */
const holds = async (path: string, expected: Buffer = content): Promise<boolean> =>
  (await readFile(path)).equals(expected);
const ranges = ({ requests }: FileServer) => requests.map(({ headers }) => headers.range);

describe('a download', () => {
  test('comes to stand under its name, and leaves nothing else', async () => {
    const { server, folder, path } = await setting();
    const result = await download(server.url, path, { integrity: sri(content), sizeBytes: content.length });
    expect(result).toEqual({ path, bytes: content.length, isNew: true, resumedFromBytes: 0, attempts: 1 });
    expect(await holds(path)).toBe(true);
    expect(await readdir(folder)).toEqual(['file.bin']);
    expect(server.requests[0]?.headers['accept-encoding']).toBe('identity');
  });

  test('goes on where it was cut, as often as it makes progress', async () => {
    const { server, path } = await setting({ cutAfter: (n) => (n < 4 ? 800_000 : undefined) });
    await download(server.url, path, { ...quick, retry: { attempts: 4, backoff: () => 0 } });
    expect(await holds(path)).toBe(true);
    expect(server.sentBytes).toBe(content.length);
    expect(ranges(server)).toEqual([undefined, 'bytes=800000-', 'bytes=1600000-', 'bytes=2400000-']);
    expect(server.requests.slice(1).map(({ headers }) => headers['if-range'])).toEqual(['"v1"', '"v1"', '"v1"']);
  });

  test('has its attempts again after a megabyte', async () => {
    const { server, path } = await setting({ cutAfter: (n) => (n < 3 ? 1_200_000 : undefined) });
    await download(server.url, path, { retry: { attempts: 2, backoff: () => 0 } });
    expect(await holds(path)).toBe(true);
  });

  test('goes on with what an earlier one has left', async () => {
    const { server, folder, path } = await setting({ cutAfter: (n) => (n === 1 ? 1_000_000 : undefined) });
    const error: unknown = await download(server.url, path, once).catch((failure: unknown) => failure);
    expect(unfinishedOf(error)).toMatchObject({ bytes: 1_000_000, totalBytes: content.length });
    expect(ledgerOf(error)?.reason).toBe('attempts');
    expect(await readdir(folder)).toHaveLength(2);
    const result = await download(server.url, path);
    expect(result).toMatchObject({ resumedFromBytes: 1_000_000, attempts: 1 });
    expect(ranges(server)).toEqual([undefined, 'bytes=1000000-']);
    expect(await holds(path)).toBe(true);
    expect(await readdir(folder)).toEqual(['file.bin']);
  });

  test('leaves nothing behind when that is not wanted, and takes nothing over', async () => {
    const { server, folder, path } = await setting({ cutAfter: (n) => (n < 3 ? 1_000_000 : undefined) });
    await download(server.url, path, once).catch(() => {});
    const error: unknown = await download(server.url, path, { ...once, resume: false }).catch(
      (failure: unknown) => failure,
    );
    expect(unfinishedOf(error)).toBeUndefined();
    expect(await readdir(folder)).toHaveLength(2);
    expect(ranges(server)).toEqual([undefined, undefined]);
  });

  test('by several ranges at once, each of them cut', async () => {
    const { server, path } = await setting({ cutAfter: (n) => (n % 2 === 0 ? 300_000 : undefined) });
    await download(server.url, path, { ...quick, parallel: 4, integrity: sri(content, 'sha512') });
    expect(ranges(server).slice(0, 3)).toEqual(['bytes=0-1048575', 'bytes=1048576-2097151', 'bytes=2097152-']);
    expect(await holds(path)).toBe(true);
    expect(server.sentBytes).toBe(content.length);
  });

  test('by several ranges goes on where each of them was', async () => {
    const { server, path } = await setting({ cutAfter: (n) => (n > 1 && n < 4 ? 500_000 : undefined) });
    await download(server.url, path, { ...once, parallel: 3 }).catch(() => {});
    await download(server.url, path, { parallel: 2 });
    expect(await holds(path)).toBe(true);
    expect(server.sentBytes).toBeLessThan(content.length + 500_000);
  });

  test('that is aborted rejects with the reason, and can be continued', async () => {
    const { server, path } = await setting({ pace: { bytes: 100_000, everyMs: 1 } });
    const controller = new AbortController();
    const reason = new Error('enough');
    const onProgress = ({ bytes }: DownloadProgress): void => {
      if (bytes > 1_000_000) controller.abort(reason);
    };
    const running = download(server.url, path, { onProgress, progressEvery: 0, signal: controller.signal });
    await expect(running).rejects.toBe(reason);
    const { bytes = 0 } = unfinishedOf(reason) ?? {};
    expect(bytes).toBeGreaterThan(1_000_000);
    expect(await download(server.url, path)).toMatchObject({ resumedFromBytes: bytes });
    expect(await holds(path)).toBe(true);
  });

  test('tells how far it is', async () => {
    const { server, path } = await setting({ cutAfter: (n) => (n === 1 ? 1_000_000 : undefined) });
    const seen: DownloadProgress[] = [];
    await download(`${server.url}?token=s3cret`, path, {
      ...quick,
      progressEvery: 0,
      onProgress: (now) => seen.push(now),
    });
    const [first, last] = [seen[0], seen.at(-1)];
    expect(first).toMatchObject({ bytes: 0, totalBytes: undefined, attempts: 0, resumedFromBytes: 0 });
    expect(last).toMatchObject({ url: server.url, bytes: content.length, totalBytes: content.length, attempts: 2 });
    expect(seen.map(({ bytes }) => bytes)).toEqual(seen.map(({ bytes }) => bytes).sort((a, b) => a - b));
  });

  test('gives up in time', async () => {
    const { server, path } = await setting({ answer: () => true });
    const running = download(server.url, path, { timeout: 50 });
    await expect(running).rejects.toMatchObject({ code: 'MULLIGAN_TIMEOUT', scope: 'call' });
  });

  test('does not wait for ever for a byte', async () => {
    const stallsOnce: FileRules['answer'] = (_request, response, n) => {
      if (n > 1) return false;
      response.writeHead(200, { etag: '"v1"', 'content-length': content.length });
      response.write(content.subarray(0, 100_000));
      return true;
    };
    const { server, path } = await setting({ answer: stallsOnce });
    const codes: unknown[] = [];
    const onEvent: DownloadOptions['onEvent'] = (event) => {
      if (event.type === 'retry.scheduled') codes.push((event.cause as { code?: unknown }).code);
    };
    await download(server.url, path, { ...quick, idleTimeout: 300, onEvent });
    expect(codes).toEqual(['MULLIGAN_DOWNLOAD_STALLED']);
    expect(ranges(server)).toEqual([undefined, 'bytes=100000-']);
  });
});

describe('a file that is there already', () => {
  const existing = Buffer.from('precious');

  test.each([
    ['is kept, without a request', {}, { isNew: false, bytes: 8 }],
    ['is kept where it is the right one', { integrity: sri(existing), sizeBytes: 8 }, { isNew: false }],
  ] as const)('%s', async (_name, options, expected) => {
    const { server, path } = await setting();
    await writeFile(path, existing);
    expect(await download(server.url, path, options)).toMatchObject(expected);
    expect(server.requests).toEqual([]);
    expect(await holds(path, existing)).toBe(true);
  });

  test.each([{ existing: 'error' }, { integrity: sri(content) }, { sizeBytes: 9 }] as const)(
    'is an error with %j, and kept',
    async (options) => {
      const { server, path } = await setting();
      await writeFile(path, existing);
      const running = download(server.url, path, options);
      await expect(running).rejects.toMatchObject({ code: 'MULLIGAN_DOWNLOAD_EXISTS', path });
      expect(await holds(path, existing)).toBe(true);
    },
  );

  test('is replaced when that is asked for, and only by all of the new one', async () => {
    const { server, path } = await setting({ cutAfter: (n) => (n === 1 ? 1_000_000 : undefined) });
    await writeFile(path, existing);
    await download(server.url, path, { ...once, existing: 'overwrite' }).catch(() => {});
    expect(await holds(path, existing)).toBe(true);
    await download(server.url, path, { existing: 'overwrite' });
    expect(await holds(path)).toBe(true);
  });

  test('although it was not there at the beginning is kept, too', async () => {
    const { server, folder, path } = await setting({ pace: { bytes: 500_000, everyMs: 1 } });
    const onProgress = ({ bytes }: DownloadProgress): void => void (bytes > 0 && writeFile(path, existing));
    const result = await download(server.url, path, { onProgress, progressEvery: 0 });
    expect(result).toMatchObject({ isNew: false, bytes: 8 });
    expect(await holds(path, existing)).toBe(true);
    expect(await readdir(folder)).toEqual(['file.bin']);
  });
});

describe('in a folder', () => {
  test('the address names the file', async () => {
    const { server, folder } = await setting();
    const { path } = await download(new URL('/pkg-1.0%2Blocal.tar.gz?x=1', server.url), folder);
    expect(path).toBe(join(folder, 'pkg-1.0+local.tar.gz'));
  });

  test('the server does, where it is asked to, but never outside of it', async () => {
    const { server, folder } = await setting({
      headers: { 'content-disposition': 'attachment; filename="../../evil.sh"' },
    });
    expect(await download(server.url, `${folder}/`, { nameFrom: 'content-disposition' })).toMatchObject({
      path: join(folder, 'evil.sh'),
    });
  });

  test('that is not there nothing is begun', async () => {
    const { server, folder } = await setting();
    const running = download(server.url, join(folder, 'no/such/file'));
    await expect(running).rejects.toThrow(/file cannot be read or written: there is no such folder/u);
    expect(server.requests).toEqual([]);
  });
});

test('permissions are those that are asked for', async () => {
  const { server, path } = await setting();
  await download(server.url, path, { mode: 0o640 });
  expect((await stat(path)).mode & 0o777).toBe(0o640);
});

test('a session downloads with its headers, below its base, and writes the lines of Fromager', async () => {
  const { server, path } = await setting({ cutAfter: (n) => (n === 1 ? 1_000_000 : undefined) });
  const lines: string[] = [];
  const write = (level: string) => (line: string) => lines.push(`${level} ${line}`);
  const log = { info: write('INFO'), warn: write('WARNING'), error: write('ERROR') };
  const base = new URL('/files', server.url);
  const session = withDownload(createSession({ baseUrl: base, headers: { 'x-key': 's3cret' }, log }));
  await session.download('/a.bin?token=s3cret', path, quick);
  expect(server.requests.map(({ path, headers }) => [path, headers['x-key']])).toEqual([
    ['/files/a.bin?token=s3cret', 's3cret'],
    ['/files/a.bin?token=s3cret', 's3cret'],
  ]);
  expect(lines).toEqual([
    `WARNING Request failed for ${base}/a.bin: terminated: other side closed. Retrying in 0.0 seconds (attempt 1/5)`,
    `INFO saved ${path}`,
  ]);
});

test("a session's own retries do not come on top", async () => {
  const { server, path } = await setting({ answer: (_request, response) => Boolean(response.writeHead(503).end()) });
  const lines: string[] = [];
  const log = { warn() {}, error: (line: string) => lines.push(line) };
  const session = withDownload(createSession({ retry: 9, raiseOnStatus: true, log }));
  const running = session.download(server.url, path, { retry: { attempts: 3, backoff: () => 0 } });
  await expect(running).rejects.toMatchObject({ code: 'MULLIGAN_HTTP_STATUS', status: 503 });
  expect(server.requests).toHaveLength(3);
  expect(lines).toEqual([`Request failed with status 503 for ${server.url}. Given up after 3 attempts`]);
});
