import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { fsStorage } from './index.ts';

// What the build has made: it is to be killed, so it runs in a process of its own.
const built = fileURLToPath(new URL('../../../dist/storage/fs/index.js', import.meta.url));

/** Writes versions of one length, each of a single byte, for ever; says so when the first is there. */
const writer = `
const { fsStorage } = await import(${JSON.stringify(built)});
const storage = fsStorage({ root: process.argv[1] });
for (let version = 1; ; version = (version % 200) + 1) {
  const metadata = { version: String(version) };
  await storage.put('key', new Uint8Array(400_000).fill(version), { metadata });
  if (version === 1) process.stdout.write('.');
}`;

test('a process that is killed while it writes leaves a whole version, with its own metadata', async () => {
  const root = mkdtempSync(join(tmpdir(), 'mulligan-killed-'));
  const storage = fsStorage({ root });
  try {
    for (let round = 0; round < 5; round++) {
      const args = ['--input-type=module', '--eval', writer, root];
      const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
      await once(child.stdout, 'data');
      // Other operations of ours decide how far it has come: no clock does.
      for (let looks = 0; looks < 7 * round; looks++) await storage.exists('key');
      const ended = once(child, 'exit');
      child.kill('SIGKILL');
      await ended;
      const { metadata } = await storage.info('key');
      const bytes = await storage.getBytes('key');
      expect(bytes).toHaveLength(400_000);
      expect(bytes.every((byte) => byte === Number(metadata['version']))).toBe(true);
    }
  } finally {
    rmSync(root, { recursive: true });
  }
});
