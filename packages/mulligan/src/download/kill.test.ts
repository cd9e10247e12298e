import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { serveFile } from '../../../../test/support/file-server.ts';

// What the build has made: it is to be killed, so it runs in a process of its own.
const built = fileURLToPath(new URL('../../dist/download/index.js', import.meta.url));

const megabyte = 1024 * 1024;
const size = 64 * megabyte;
const content = randomBytes(size);

/** Downloads in a process of its own. */
function start(url: string, path: string, parallel: number) {
  const program = `
    const { download } = await import(${JSON.stringify(built)});
    await download(process.argv[1], process.argv[2], { parallel: ${parallel}, retry: { backoff: () => 0 } });`;
  const args = ['--input-type=module', '--eval', program, url, path];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'ignore', 'inherit'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  return { child, ended: once(child, 'exit') };
}

interface Span {
  readonly start: number;
  readonly end: number;
}

/** How many bytes of a span a download has written down in its journal. */
async function writtenOf({ start, end }: Span, folder: string): Promise<number> {
  const journal = (await readdir(folder)).find((file) => file.endsWith('.json'));
  const text = journal === undefined ? '' : await readFile(join(folder, journal), 'utf8').catch(() => '');
  const [, done = ''] = /"done":\[(.*?)\],"synced"/u.exec(text) ?? [];
  const spans = Array.from(done.matchAll(/(\d+),(\d+)/gu), ([, from, to]) => [Number(from), Number(to)] as const);
  return spans.reduce((sum, [from, to]) => sum + Math.max(0, Math.min(to, end) - Math.max(from, start)), 0);
}

/**
 * A line on which only so much is under way at once, as on every real one. This machine would take megabytes into its
 * buffers while a process has no time to read, and all of that would be sent for nothing when it is killed.
 */
function lineTo(folder: string, underWay: number) {
  return async (response: ServerResponse, sent: Span): Promise<void> => {
    while (!response.destroyed && sent.end - sent.start - (await writtenOf(sent, folder)) > underWay) {
      await new Promise((resolve) => void setTimeout(resolve, 1));
    }
  };
}

test.each([
  { kills: 10, parallel: 1 },
  { kills: 5, parallel: 3 },
])(
  '64 MB over a line that is cut every few megabytes, the process killed: $kills times, ranges at once: $parallel',
  async ({ kills, parallel }) => {
    const cutAfter = (): number => (2 + Math.random() * 6) * megabyte;
    const folder = await mkdtemp(join(tmpdir(), 'mulligan-kill-'));
    const pace = { bytes: 32 * 1024, line: lineTo(folder, 96 * 1024) };
    const server = await serveFile({ content, cutAfter, pace });
    onTestFinished(async () => {
      await server.close();
      await rm(folder, { recursive: true });
    });
    const path = join(folder, 'big.bin');
    for (let kill = 1; kill <= kills; kill++) {
      const { child, ended } = start(server.url, path, parallel);
      const enough = (kill * size) / (kills + 1);
      await expect.poll(() => server.sentBytes, { timeout: 60_000, interval: 1 }).toBeGreaterThan(enough);
      child.kill('SIGKILL');
      expect(await ended).toEqual([null, 'SIGKILL']);
      expect(await readdir(folder)).not.toContain('big.bin');
    }
    expect(await start(server.url, path, parallel).ended).toEqual([0, null]);
    expect((await readFile(path)).equals(content)).toBe(true);
    expect(server.sentBytes).toBeLessThan(size * 1.05);
    expect(await readdir(folder)).toEqual(['big.bin']);
  },
);
