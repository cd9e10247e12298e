import { mkdtempSync, rmSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root, runNode, runNpm } from './step.mjs';

/**
 * Packs every published package and checks what would reach a user: the manifest (publint), the types as each kind of
 * project resolves them (attw), and that nothing but the build is inside.
 */
export async function checkPackages() {
  const folder = mkdtempSync(join(tmpdir(), 'mulligan-pack-'));
  try {
    const outputs = [];
    for (const name of ['mulligan', 'proxy', 'cli']) {
      const { ok, output } = await checkPackage(name, folder);
      if (!ok) outputs.push(`packages/${name}:\n${output}`);
    }
    return { ok: outputs.length === 0, output: outputs.join('\n') };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/**
 * @param {string} name
 * @param {string} folder
 */
async function checkPackage(name, folder) {
  const packed = await runNpm('pack', `./packages/${name}`, '--json', '--ignore-scripts', '--pack-destination', folder);
  if (!packed.ok) return packed;
  const [{ filename, files }] = Object.values(JSON.parse(packed.output));
  const strays = files.filter((/** @type {{ path: string }} */ { path }) => isStray(path));
  if (strays.length > 0) return { ok: false, output: `must not be published: ${JSON.stringify(strays)}\n` };

  const tarball = join(folder, filename);
  const manifest = await runNode('node_modules/publint/src/cli.js', '--strict', tarball);
  const { exports } = JSON.parse(await readFile(join(root, 'packages', name, 'package.json'), 'utf8'));
  if (!manifest.ok || exports['.'] === undefined) return manifest;
  const attw = 'node_modules/@arethetypeswrong/cli/dist/index.js';
  return runNode(attw, tarball, '--profile', 'esm-only', '--no-emoji', '--no-color', '--format', 'ascii');
}

/** @param {string} path */
function isStray(path) {
  const isExpected = /^(?:dist\/.*|package\.json|README\.md|LICENSE)$/u.test(path);
  return !isExpected || /\.test(?:-d)?\.|\.tsbuildinfo$/u.test(path);
}
