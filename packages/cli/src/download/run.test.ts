import { spawn } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { type FileRules, serveFile } from '../../../../test/support/file-server.ts';

// The command as a user runs it: what the build has made, in a process of its own.
const main = fileURLToPath(new URL('../../dist/main.js', import.meta.url));
const content = randomBytes(4_000_000);
const hex = createHash('sha256').update(content).digest('hex');

async function setting(rules: Partial<FileRules> = {}) {
  const server = await serveFile({ content, ...rules });
  const folder = await mkdtemp(join(tmpdir(), 'mulligan-command-'));
  onTestFinished(async () => {
    await server.close();
    await rm(folder, { recursive: true });
  });
  return { server, folder };
}

function command(folder: string, ...args: string[]) {
  const child = spawn(process.execPath, [main, 'download', ...args], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', (data) => (stdout += String(data)));
  child.stderr.on('data', (data) => (stderr += String(data)));
  const ended = once(child, 'close').then(([code]) => ({ code: code as number, stdout, stderr }));
  return { child, ended };
}

const run = (folder: string, ...args: string[]) => command(folder, ...args).ended;

test('a cut download comes to its end, and says so', async () => {
  const { server, folder } = await setting({ cutAfter: (n) => (n === 1 ? 1_500_000 : undefined) });
  const { code, stdout, stderr } = await run(folder, `${server.url}?token=s3cret`, '--sha256', hex);
  expect({ code, stdout }).toEqual({ code: 0, stdout: 'file.bin\n' });
  expect(stderr).toMatch(
    /^0 B\nRequest failed for http:\S+\/file\.bin: terminated: [^\n]+\. Retrying in 0\.\d seconds \(attempt 1\/5\)\n/u,
  );
  expect(stderr).toMatch(/100 %, 4\.0 MB of 4\.0 MB[^\n]*\nsaved file\.bin\n$/u);
  expect(stderr).not.toContain('s3cret');
  expect((await readFile(join(folder, 'file.bin'))).equals(content)).toBe(true);
  const again = await run(folder, server.url, '--quiet');
  expect(again).toEqual({ code: 0, stdout: 'file.bin\n', stderr: '' });
  expect(server.requests).toHaveLength(2);
});

test('after Ctrl-C the same command goes on from there', async () => {
  const { server, folder } = await setting({ pace: { bytes: 50_000, everyMs: 10 } });
  const { child, ended } = command(folder, server.url, '-o', 'x.bin');
  await expect.poll(() => server.sentBytes, { timeout: 30_000 }).toBeGreaterThan(1_000_000);
  child.kill('SIGINT');
  const { code, stdout, stderr } = await ended;
  expect({ code, stdout }).toEqual({ code: 130, stdout: '' });
  expect(stderr).toMatch(/mulligan: stopped; \S+ MB of 4\.0 MB are kept, and the same command goes on from there\n$/u);
  server.rules = { content };
  expect(await run(folder, server.url, '-o', 'x.bin', '--parallel', '2', '--mode', '600')).toMatchObject({ code: 0 });
  expect(server.sentBytes).toBeLessThan(content.length * 1.3);
  expect((await readFile(join(folder, 'x.bin'))).equals(content)).toBe(true);
  expect(await readdir(folder)).toEqual(['x.bin']);
});

test.each([
  [['--attempts', '1'], 1, /^mulligan: 404 Client Error: Not Found for url: http:\S+\n$/u],
  [['--parallel', 'x'], 2, /^mulligan: --parallel must be a whole number from 1 to 64, got "x"\n$/u],
  [['--integrity', 'md5-x'], 2, /^mulligan: integrity must be sha256-, [^\n]+\n$/u],
  [
    ['-o', 'no/such/folder/x'],
    1,
    /^mulligan: no\/such\/folder\/x cannot be read or written: there is no such folder\n$/u,
  ],
])('%j ends with a sentence', async (args, code, sentence) => {
  const { server, folder } = await setting({ answer: (_request, response) => Boolean(response.writeHead(404).end()) });
  const ended = await run(folder, server.url, '--quiet', ...args);
  expect(ended).toMatchObject({ code, stdout: '' });
  expect(ended.stderr).toMatch(sentence);
});
