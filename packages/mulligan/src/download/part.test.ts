import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { link, mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, onTestFinished, test } from 'vitest';
import { type FileServer, serveFile } from '../../../../test/support/file-server.ts';
import { download } from './download.ts';
import { unfinishedOf } from './unfinished.ts';

const content = randomBytes(2_000_000);
const cut = 1_500_000;

interface Left {
  readonly server: FileServer;
  readonly folder: string;
  readonly path: string;
  /** The unfinished file. */
  readonly part: string;
  /** How much of it there is. */
  readonly bytes: number;
}

/** A download that was cut in its first attempt, and gave up. */
async function leftBehind(): Promise<Left> {
  const server = await serveFile({ content, cutAfter: (n) => (n === 1 ? cut : undefined) });
  const folder = await mkdtemp(join(tmpdir(), 'mulligan-part-'));
  onTestFinished(async () => {
    await server.close();
    await rm(folder, { recursive: true });
  });
  const path = join(folder, 'file.bin');
  const error: unknown = await download(server.url, path, { retry: false }).catch((failure: unknown) => failure);
  const { path: part = '', bytes = 0 } = unfinishedOf(error) ?? {};
  return { server, folder, path, part, bytes };
}

/** Changes what the journal says, and when it was last touched. */
async function rewrite(part: string, change: (journal: { owner: object }) => object, agoMs = 0): Promise<void> {
  const journal = JSON.parse(await readFile(`${part}.json`, 'utf8')) as { owner: object };
  await writeFile(`${part}.json`, JSON.stringify({ ...journal, ...change(journal) }));
  const touched = (Date.now() - agoMs) / 1000;
  await utimes(`${part}.json`, touched, touched);
}

const isRight = async (path: string): Promise<boolean> => (await readFile(path)).equals(content);

describe('of what was left behind', () => {
  test('one of many makes use, and all of them are right', async () => {
    const { server, folder, path } = await leftBehind();
    const results = await Promise.all(
      Array.from({ length: 6 }, () => download(server.url, path, { existing: 'overwrite' })),
    );
    expect(results.filter(({ resumedFromBytes }) => resumedFromBytes > 0)).toHaveLength(1);
    expect(await isRight(path)).toBe(true);
    expect(await readdir(folder)).toEqual(['file.bin']);
  });

  const hourMs = 3_600_000;
  test.each([
    ['a process that runs', (owner: object) => ({ owner: { ...owner, pid: process.ppid } }), hourMs, 0],
    ['a process that is gone', (owner: object) => ({ owner: { ...owner, pid: 4_194_000 } }), 0, 'all'],
    ['another thread', (owner: object) => ({ owner: { ...owner, thread: 99 } }), hourMs, 0],
    ['another machine', (owner: object) => ({ owner: { ...owner, host: 'other' } }), 0, 0],
    ['another machine that is silent', (owner: object) => ({ owner: { ...owner, host: 'other' } }), hourMs, 0],
    [
      'a machine before its power failed',
      (owner: object) => ({ owner: { ...owner, boot: 'before' }, synced: [[0, 1_000_000]] }),
      hourMs,
      1_000_000,
    ],
    ['somebody of whom nothing is known', () => ({ owner: {} }), hourMs, 0],
  ])('by %s, only what is safe is used', async (_name, change, agoMs, expected) => {
    const { server, path, part, bytes } = await leftBehind();
    await rewrite(part, ({ owner }) => change(owner), agoMs);
    expect(await download(server.url, path)).toMatchObject({ resumedFromBytes: expected === 'all' ? bytes : expected });
    expect(await isRight(path)).toBe(true);
  });

  test('a journal of bytes that are not there is not believed', async () => {
    const { server, path, part } = await leftBehind();
    await writeFile(part, content.subarray(0, 1000));
    expect(await download(server.url, path)).toMatchObject({ resumedFromBytes: 1000 });
    expect(await isRight(path)).toBe(true);
  });

  test('a file that has a second name is not written to: it is a finished one', async () => {
    const { server, folder, path, part, bytes } = await leftBehind();
    await link(part, join(folder, 'finished'));
    expect(await download(server.url, path)).toMatchObject({ resumedFromBytes: 0 });
    expect((await readFile(join(folder, 'finished'))).equals(content.subarray(0, bytes))).toBe(true);
    expect((await readdir(folder)).sort()).toEqual(['file.bin', 'finished']);
  });

  test.each([
    ['garbage', '{"version":1,'],
    ['another version of the journal', '{"version":2}'],
  ])('%s is left alone', async (_name, text) => {
    const { server, path, part } = await leftBehind();
    await writeFile(`${part}.json`, text);
    expect(await download(server.url, path)).toMatchObject({ resumedFromBytes: 0 });
    expect(await isRight(path)).toBe(true);
  });

  test('what has belonged to nobody for a day is gone, too', async () => {
    const { server, folder, path, part } = await leftBehind();
    const yesterday = Date.now() / 1000 - 90_000;
    await writeFile(`${part}.json`, 'garbage');
    await writeFile(`${path}.cafecafe.mulligan-part`, 'without a journal');
    for (const old of [part, `${part}.json`]) await utimes(old, yesterday, yesterday);
    await download(server.url, path);
    expect((await readdir(folder)).sort()).toEqual(['file.bin', 'file.bin.cafecafe.mulligan-part']);
  });

  test('nothing is used for another address, and it is gone in the end', async () => {
    const { server, folder, path } = await leftBehind();
    expect(await download(`${server.url}?v=2`, path)).toMatchObject({ resumedFromBytes: 0 });
    expect(await readdir(folder)).toEqual(['file.bin']);
  });

  test('all of the file is not enough: its last byte is asked for once more', async () => {
    const { server, path, part } = await leftBehind();
    await writeFile(part, content);
    await rewrite(part, () => ({ done: [[0, content.length]] }));
    await download(server.url, path);
    expect(server.requests.at(-1)?.headers.range).toBe(`bytes=${content.length - 1}-`);
    expect(await isRight(path)).toBe(true);
  });
});

test('two at once are both right, and one of them finds the file there', async () => {
  const { server, folder, path } = await leftBehind();
  const results = await Promise.all([1, 2].map(() => download(server.url, path, { resume: false })));
  expect(results.filter(({ isNew }) => isNew)).toHaveLength(1);
  expect(await isRight(path)).toBe(true);
  expect(await readdir(folder)).toEqual(['file.bin']);
});

test('no room on the disk ends it at once, in a sentence', async () => {
  const { server, folder } = await leftBehind();
  const built = fileURLToPath(new URL('../../dist/download/index.js', import.meta.url));
  const program = `
    const { download } = await import(${JSON.stringify(built)});
    const error = await download(process.argv[1], process.argv[2]).catch((error) => error);
    console.log(JSON.stringify({ code: error.code, errno: error.errno, message: error.message }));`;
  // A limit of the process in the place of a full disk: the system refuses the write in the same way.
  const limited = 'ulimit -f 1000 && exec "$@"';
  const args = [process.execPath, '--input-type=module', '--eval', program, server.url, join(folder, 'big.bin')];
  const { stdout } = await promisify(execFile)('bash', ['-c', limited, 'bash', ...args]);
  expect(JSON.parse(stdout)).toEqual({
    code: 'MULLIGAN_DOWNLOAD_FILE',
    errno: 'EFBIG',
    message: expect.stringMatching(/mulligan-part cannot be read or written: the file is too large/u),
  });
  expect(server.requests).toHaveLength(2);
});
