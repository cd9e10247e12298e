// npm run check: every check of the repository, one line each; what fails shows its output.
// `npm run check -- lint types` runs only these, `npm run check -- --without tests` all but these.
import { checkPackages } from './check-packages.mjs';
import { root, runNode, secondsSince } from './step.mjs';
import { build } from './build.mjs';
import { readyFolder } from './ready.mjs';

process.chdir(root);
const bin = (/** @type {string} */ path) => `node_modules/${path}`;

/** @type {Record<string, () => Promise<{ ok: boolean, output: string }>>} */
const checks = {
  format: () => runNode(bin('oxfmt/bin/oxfmt'), '--check'),
  // Before the linter: its typed rules follow imports into the dist of the packages.
  build,
  lint: () => runNode(bin('oxlint/bin/oxlint')),
  types: () => runNode(bin('typescript/bin/tsc'), '-b'),
  tests: () => runNode(bin('vitest/vitest.mjs'), 'run', '--coverage'),
  packages: checkPackages,
  size: () => runNode(bin('size-limit/bin.js')),
  unused: () => runNode(bin('knip/bin/knip.js')),
};

/** @param {string[]} args */
function choose(args) {
  const isInverted = args[0] === '--without';
  const named = isInverted ? args.slice(1) : args;
  const unknown = named.find((name) => !(name in checks));
  if (unknown !== undefined) {
    process.stderr.write(`There is no check ${unknown}; there are ${Object.keys(checks).join(', ')}.\n`);
    process.exit(2);
  }
  return Object.keys(checks).filter((name) => named.length === 0 || named.includes(name) !== isInverted);
}

const names = choose(process.argv.slice(2));
// The tests there are checked for types too.
if (names.some((name) => ['lint', 'types', 'tests'].includes(name))) await readyFolder('test/sdks');

for (const name of names) {
  const startedAtMs = performance.now();
  const { ok, output } = (await checks[name]?.()) ?? { ok: false, output: '' };
  const closingLine = /^Tests: .*$/mu.exec(output)?.[0] ?? '';
  console.log(`${ok ? '✓' : '✗'} ${name.padEnd(9)}${secondsSince(startedAtMs).padStart(7)}  ${closingLine}`.trimEnd());
  if (ok) continue;
  console.log(output);
  process.exitCode = 1;
}
