import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, onTestFinished, test } from 'vitest';

const built = fileURLToPath(new URL('../../dist/download/index.js', import.meta.url));
const megabyte = 1024 * 1024;
const size = 256 * megabyte;

test('a large file does not go through the memory as a whole', async () => {
  const block = Buffer.alloc(megabyte, 'x');
  const server = createServer((_request, response) => {
    response.writeHead(200, { etag: '"v1"', 'content-length': size });
    Readable.from(Array.from({ length: size / megabyte }, () => block)).pipe(response);
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const folder = await mkdtemp(join(tmpdir(), 'mulligan-memory-'));
  onTestFinished(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => void server.close(resolve));
    await rm(folder, { recursive: true });
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  const path = join(folder, 'large.bin');
  const program = `
    const { download } = await import(${JSON.stringify(built)});
    const before = process.memoryUsage().rss;
    let most = before;
    const onProgress = () => void (most = Math.max(most, process.memoryUsage().rss));
    await download(process.argv[1], process.argv[2], { onProgress, progressEvery: 0 });
    console.log(most - before);`;
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', program, url, path]);
  expect((await stat(path)).size).toBe(size);
  expect(Number(stdout)).toBeLessThan(size / 2);
});
