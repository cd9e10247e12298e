import { execFile } from 'node:child_process';
import { readFile, stat } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Plugin } from 'vitest/config';

const root = fileURLToPath(new URL('..', import.meta.url));
const tsc = join(root, 'node_modules/typescript/bin/tsc');
const run = promisify(execFile);

// One run of tsc serves all projects of a vitest process; a test changed since then asks for another.
let emitted: Promise<unknown> | undefined;
let emittedAtMs = 0;

async function emit(changedAtMs: number): Promise<void> {
  if (emitted === undefined || changedAtMs > emittedAtMs) {
    emittedAtMs = Date.now();
    emitted = run(process.execPath, [tsc, '-p', join(root, 'tsconfig.compiled.json')]).catch((error: unknown) => {
      const { stdout } = error as { stdout: string };
      throw new Error(`tsc cannot compile the tests\n${stdout}`, { cause: error });
    });
  }
  await emitted;
}

/**
 * A Vite plugin for `*.compiled.test.ts`: these use decorators or `using`, which Vite's transform leaves as they are
 * and Node 20 cannot run. tsc lowers them, and the plugin serves its output in place of the source, so that such a
 * test keeps its path and imports the same sources as every other test.
 */
export function compileTests(): Plugin {
  return {
    name: 'mulligan:compile-tests',
    enforce: 'pre',
    async load(id) {
      const path = id.replace(/\?.*$/u, '');
      if (!path.endsWith('.compiled.test.ts')) return undefined;
      await emit((await stat(path)).mtimeMs);
      const output = join(root, '.compiled', relative(root, path).replace(/\.ts$/u, '.js'));
      const map = JSON.parse(await readFile(`${output}.map`, 'utf8')) as object;
      return { code: await readFile(output, 'utf8'), map: { ...map, sources: [path] } as never };
    },
  };
}
