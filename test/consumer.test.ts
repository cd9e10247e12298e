import { execFile } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { root } from './support/root.ts';

// Under node_modules, so that the packages are found as users find them: by name, built.
const folder = join(root, 'node_modules/.cache/mulligan-consumer');

const read = (path: string): unknown => JSON.parse(readFileSync(join(root, path), 'utf8'));
const { exports } = read('packages/mulligan/package.json') as { exports: Record<string, { default?: string }> };
const { nodeOnly } = (read('floors.json') as { packages: { nodeOnly: string[] }[] }).packages[0]!;

const entries = Object.keys(exports).filter((entry) => entry !== './package.json');
const isNodeOnly = (target = '') => nodeOnly.some((path) => target.startsWith(`./dist/${path}`));
const onTheWeb = entries.filter((entry) => !isNodeOnly(exports[entry]?.default));

function compile(name: string, imported: string[], options: { lib: string[]; types: string[] }): Promise<string> {
  const strict = { target: 'es2022', module: 'nodenext', strict: true, skipLibCheck: false, noEmit: true };
  const source = imported.map((entry, index) => `export * as e${index} from 'mulligan${entry.slice(1)}';\n`).join('');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, `${name}.mts`), source);
  const config = { compilerOptions: { ...strict, ...options }, files: [`${name}.mts`] };
  writeFileSync(join(folder, `${name}.json`), JSON.stringify(config));
  const tsc = join(root, 'node_modules/typescript/bin/tsc');
  return new Promise((resolve) => {
    execFile(process.execPath, [tsc, '-p', `${name}.json`], { cwd: folder }, (_, stdout) => resolve(stdout));
  });
}

// Users who do not skip the check of libraries see every name that their platform lacks.
it('gives users on Node types that need nothing of the web', async () => {
  expect(await compile('node', entries, { lib: ['es2023'], types: ['node'] })).toBe('');
});

it('gives users on the web types that need nothing of Node', async () => {
  const lib = ['es2023', 'esnext.disposable', 'dom', 'dom.iterable', 'dom.asynciterable'];
  expect(await compile('web', onTheWeb, { lib, types: [] })).toBe('');
});
