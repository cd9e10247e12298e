// npm run runtimes: runs the same tests of public behaviour on this Node, on later ones, on Bun, Deno and workerd.
// What npm does not have for this platform is skipped, with the reason; with MULLIGAN_REQUIRE_PROGRAMS=1, as in .ci/run,
// that is a failure.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ready, readyFolder } from '../../scripts/ready.mjs';
import { workerConfig } from './worker-config.mjs';

const here = fileURLToPath(new URL('.', import.meta.url));
const main = join(here, 'main.mjs');

/** Their packages bring a program for this platform, in a package of its own. @param {string} config for workerd */
const runtimesWith = (config) => [
  { name: `Node ${process.versions.node}`, program: () => process.execPath, args: [main] },
  { name: 'Node 22', program: () => programIn('node-22', 'bin/node'), args: [main] },
  { name: 'Node 24', program: () => programIn('node-24', 'bin/node'), args: [main] },
  { name: 'Node 26', program: () => programIn('node-26', 'bin/node'), args: [main] },
  { name: 'Bun', program: () => programIn('@oven', 'bin/bun'), args: [main] },
  // Without any permission: the library asks for none.
  { name: 'Deno', program: () => programIn('@deno', 'deno'), args: ['run', '--no-prompt', main] },
  { name: 'workerd', program: () => programIn('@cloudflare', 'bin/workerd'), args: ['test', config] },
];

/**
 * The path of a program in a package, or in the one package of a scope that is made for this platform.
 *
 * @param {string} folder
 * @param {string} file
 */
function programIn(folder, file) {
  const path = join(here, 'node_modules', folder);
  const folders = existsSync(path) ? [path, ...readdirSync(path).map((name) => join(path, name))] : [];
  return folders.flatMap((each) => [join(each, file), join(each, `${file}.exe`)]).find(existsSync);
}

/** @param {ReturnType<typeof runtimesWith>[number]} runtime @param {string} reason why it would not be there */
function run({ name, program, args }, reason) {
  const path = program();
  if (path === undefined) {
    const isRequired = process.env['MULLIGAN_REQUIRE_PROGRAMS'] === '1';
    console.log(`${isRequired ? '✗' : '–'} ${name}: ${reason}`);
    return isRequired ? 'failed' : 'skipped';
  }
  const { status, error, stdout, stderr } = spawnSync(path, args, { cwd: here, encoding: 'utf8', timeout: 60_000 });
  const closingLine = /^\d+ passed, 0 failed$/mu.exec(stdout)?.[0];
  if (status === 0 && closingLine !== undefined) {
    console.log(`✓ ${name}: ${closingLine}`);
    return 'passed';
  }
  console.log(`✗ ${name}${error === undefined ? '' : `: ${error.message}`}\n${stdout}${stderr}`);
  return 'failed';
}

await ready();
const installed = await readyFolder('test/runtimes');
const reason = installed.ok
  ? `npm has none for ${process.platform} ${process.arch}`
  : `it could not be installed: ${installed.output}`;

const count = { passed: 0, failed: 0, skipped: 0 };
const scratch = mkdtempSync(join(tmpdir(), 'mulligan-runtimes-'));
try {
  const config = join(scratch, 'tests.capnp');
  writeFileSync(config, workerConfig());
  for (const runtime of runtimesWith(config)) count[run(runtime, reason)]++;
} finally {
  rmSync(scratch, { recursive: true });
}
console.log(`Runtimes: ${count.passed} passed, ${count.failed} failed, ${count.skipped} skipped`);
process.exitCode = count.failed === 0 ? 0 : 1;
