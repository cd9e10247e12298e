import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './step.mjs';

const folder = join(root, 'packages/mulligan');
const dist = join(folder, 'dist');

/**
 * Puts the library's code together: one file per entry, and a few chunks that they share. To load a hundred small modules
 * takes Node 40 ms, to load these 10. Bundlers keep no more of them than of the modules.
 */
export async function bundle() {
  // Not at the top: who prepares a fresh checkout loads this file before anything is installed.
  const { rolldown } = await import('rolldown');
  const { exports } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const names = Object.values(exports).flatMap((target) => /^\.\/dist\/(.*)\.js$/u.exec(target.default)?.[1] ?? []);
  const input = Object.fromEntries(names.map((name) => [name, join(folder, 'src', `${name}.ts`)]));
  const isOurs = (/** @type {string} */ id) => id.startsWith('.') || id.startsWith(folder);
  try {
    const build = await rolldown({ input, external: (id) => !isOurs(id), platform: 'neutral', plugins: [markPure] });
    const { output } = await build.write({ dir: dist, sourcemap: true, chunkFileNames: 'chunks/[name].js' });
    await build.close();
    removeAllBut(new Set(output.map(({ fileName }) => fileName)));
    return { ok: true, output: '' };
  } catch (error) {
    return { ok: false, output: `${error instanceof Error ? error.message : String(error)}\n` };
  }
}

/**
 * What an earlier build has left.
 *
 * @param {ReadonlySet<string>} files
 */
function removeAllBut(files) {
  for (const path of readdirSync(dist, { recursive: true, encoding: 'utf8' })) {
    if (/\.js(?:\.map)?$/u.test(path) && !files.has(path)) rmSync(join(dist, path));
  }
}

/**
 * No module of the library does anything when it is loaded, and its manifest says so. In a chunk of many modules it has
 * to be said of each call at the top, or a bundler would keep them all.
 */
const markPure = {
  name: 'mark-pure',
  renderChunk: (/** @type {string} */ code) => ({
    code: code.replace(/^((?:const|let|var) \w+ = )(?=new |[\w.]+\()/gmu, '$1/* @__PURE__ */ '),
    // Lines stay what they were.
    map: null,
  }),
};
