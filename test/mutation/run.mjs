// npm run mutation: changes the pure files of the library in every way that a slip could, one at a time, and counts the
// changes that no test notices. Takes minutes. `npm run mutation -- breaker/machine` is about one file only.
import { spawnSync } from 'node:child_process';
import { readyFolder } from '../../scripts/ready.mjs';
import { root } from '../../scripts/step.mjs';

const installed = await readyFolder('test/mutation');
if (!installed.ok) {
  console.error(installed.output);
  process.exit(1);
}

const files = process.argv.slice(2).map((name) => `packages/mulligan/src/${name.replace(/\.ts$/u, '')}.ts`);
const stryker = 'test/mutation/node_modules/@stryker-mutator/core/bin/stryker.js';
const mutate = files.length === 0 ? [] : ['--mutate', files.join(',')];
const { status } = spawnSync(process.execPath, [stryker, 'run', 'test/mutation/stryker.config.mjs', ...mutate], {
  cwd: root,
  stdio: 'inherit',
});
process.exitCode = status ?? 1;
