import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from './build.mjs';
import { root, runNpm, secondsSince } from './step.mjs';

/**
 * Makes a checkout ready to run: installs and builds what is missing or out of date, and is done in a moment where
 * nothing is. Progress goes to stderr; what the tools print is shown only when they fail, which ends the process.
 */
export async function ready() {
  refuseOldNode();
  if (needsInstall(root))
    await step('installing dependencies', () => runNpm('ci', '--include=dev', '--include=optional'));
  const sources = hashSources();
  if (needsBuild(sources)) {
    await step('building', build);
    writeFileSync(builtStamp, sources);
  }
}

/**
 * Installs what a folder with a lock file of its own asks for, such as the peers that `bench` measures: only who runs
 * that pays for it.
 *
 * @param {string} folder
 */
export async function readyFolder(folder) {
  if (!needsInstall(join(root, folder))) return { ok: true, output: '' };
  const install = () => runNpm('ci', '--prefix', folder, '--include=dev', '--include=optional');
  return tell(`installing what ${folder} needs`, install);
}

/**
 * @param {string} title
 * @param {() => Promise<{ ok: boolean, output: string }>} work
 */
async function tell(title, work) {
  const startedAtMs = performance.now();
  process.stderr.write(`${title} … `);
  const result = await work();
  process.stderr.write(`${result.ok ? secondsSince(startedAtMs) : 'failed'}\n`);
  return result;
}

/**
 * @param {string} title
 * @param {() => Promise<{ ok: boolean, output: string }>} work
 */
async function step(title, work) {
  const { ok, output } = await tell(title, work);
  if (ok) return;
  process.stderr.write(output);
  process.exit(1);
}

function refuseOldNode() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if ((major === 20 && minor >= 19) || (major === 22 && minor >= 12) || major > 22) return;
  process.stderr.write(`mulligan needs Node 20.19 or later, or 22.12 or later; this is ${process.version}.\n`);
  process.exit(1);
}

/**
 * Whether something that the lock file asks for is not installed. npm's own record is compared, so that a checkout
 * that was installed by hand is not installed again.
 *
 * @param {string} folder
 */
function needsInstall(folder) {
  const record = join(folder, 'node_modules/.package-lock.json');
  if (!existsSync(record)) return true;
  const [wanted, installed] = [join(folder, 'package-lock.json'), record].map(
    (path) => JSON.parse(readFileSync(path, 'utf8')).packages,
  );
  return Object.entries(wanted).some(([path, entry]) => {
    if (!path.includes('node_modules/')) return false;
    const found = installed[path];
    // What is made for another platform is in the lock file, but not on the disk.
    if (found === undefined) return !(entry.optional || entry.devOptional || entry.peer);
    return found.version !== entry.version || found.link !== entry.link;
  });
}

// Inside node_modules, so that a new installation is followed by a new build.
const builtStamp = join(root, 'node_modules/.mulligan-built');
const outputs = [
  'packages/mulligan/dist/index.js',
  'packages/proxy/dist/index.js',
  'packages/proxy/dist/dashboard/index.html',
  'packages/cli/dist/main.js',
];

/** @param {string} sources */
function needsBuild(sources) {
  const isBuilt = outputs.every((path) => existsSync(join(root, path))) && existsSync(builtStamp);
  return !isBuilt || readFileSync(builtStamp, 'utf8') !== sources;
}

const settings = ['tsconfig.build.json', 'tsconfig.base.json', 'scripts/bundle.mjs'];

/** One hash over everything that the build reads. */
function hashSources() {
  const hash = createHash('sha256');
  for (const path of [...filesUnder('packages'), ...filesUnder('apps'), ...settings]) {
    hash.update(`${path}\0`).update(readFileSync(join(root, path)));
  }
  return hash.digest('hex');
}

/**
 * @param {string} folder
 * @returns {string[]}
 */
function filesUnder(folder) {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory()) return ['node_modules', 'dist'].includes(entry.name) ? [] : filesUnder(path);
    return /\.test(?:-d)?\.tsx?$|\.md$/u.test(entry.name) ? [] : path;
  });
}
