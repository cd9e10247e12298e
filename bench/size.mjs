// What does importing cost: bytes for a page, milliseconds for a process?
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import { median } from './measure.mjs';

/** The smallest code that retries with each. */
const retries = {
  'by hand':
    'export const retry = async (f, n) => { for (;;) try { return await f(); } catch (e) { if (--n < 1) throw e; } };',
  mulligan: `export { retry } from 'mulligan';`,
  '@lifeomic/attempt': `export { retry } from '@lifeomic/attempt';`,
  'p-retry': `export { default } from 'p-retry';`,
  'async-retry': `export { default } from 'async-retry';`,
  'exponential-backoff': `export { backOff } from 'exponential-backoff';`,
  'promise-retry': `export { default } from 'promise-retry';`,
  'ts-retry-promise': `export { retry } from 'ts-retry-promise';`,
  cockatiel: `export { retry, handleAll, ExponentialBackoff } from 'cockatiel';`,
  mollitia: `export { Circuit, Retry } from 'mollitia';`,
  '@smithy/util-retry': `export { StandardRetryStrategy } from '@smithy/util-retry';`,
  Effect: `import { Effect } from 'effect'; export const run = (f) => Effect.runPromise(Effect.retry(Effect.tryPromise(f), { times: 2 }));`,
};

const sets = {
  'mulligan: retry, breaker, time limits': `export { retry, circuitBreaker, pipeline } from 'mulligan';`,
  'mulligan: the whole front door': `export * from 'mulligan';`,
  'cockatiel: retry, breaker, time limit': `export { retry, circuitBreaker, timeout, wrap, handleAll, ExponentialBackoff, ConsecutiveBreaker, TimeoutStrategy } from 'cockatiel';`,
  'cockatiel: everything': `export * from 'cockatiel';`,
  'opossum: breaker and time limit': `export { default } from 'opossum';`,
};

const here = fileURLToPath(new URL('.', import.meta.url));

/** @type {import('esbuild').BuildOptions} */
const options = {
  bundle: true,
  minify: true,
  write: false,
  format: 'esm',
  platform: 'node',
  mainFields: ['module', 'main'],
  target: 'es2022',
  legalComments: 'none',
};

/** @param {string} name @param {string} contents */
async function weigh(name, contents) {
  const { outputFiles = [] } = await build({ ...options, stdin: { contents, resolveDir: here } });
  const code = outputFiles[0]?.text ?? '';
  await checkThatItRuns(name, code);
  return { name, gzip: gzipSync(code, { level: 9 }).length, minified: Buffer.byteLength(code) };
}

/** @param {string} name @param {string} code */
async function checkThatItRuns(name, code) {
  const require = `import { createRequire } from 'node:module'; const require = createRequire('${import.meta.url}');`;
  const exported = await import(`data:text/javascript,${encodeURIComponent(`${require}\n${code}`)}`);
  if (Object.keys(exported).length === 0) throw new Error(`${name}: the bundle exports nothing`);
}

/** @param {Record<string, string>} codes */
async function weighAll(codes) {
  const rows = [];
  for (const [name, code] of Object.entries(codes)) rows.push(await weigh(name, code));
  return rows;
}

const packages = ['mulligan', ...Object.keys(retries).slice(2), 'opossum'].map((name) =>
  name.replace('Effect', 'effect'),
);

/** Milliseconds of processor time that a process takes which does nothing but import. @param {string} code */
function timeOf(code) {
  const script = `${code} const { user, system } = process.cpuUsage(); console.log(user + system);`;
  const { status, stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', script], { cwd: here });
  if (status !== 0) throw new Error(String(stderr));
  return Number(stdout) / 1000;
}

function timeImports() {
  const imports = packages.map((name) => /** @type {const} */ ([name, `import '${name}';`]));
  const codes = new Map([['nothing', ''], ...imports]);
  const added = new Map([...codes.keys()].map((name) => [name, /** @type {number[]} */ ([])]));
  for (let round = 0; round < 7; round++) {
    for (const [name, code] of codes) {
      const bareMs = timeOf('');
      added.get(name)?.push(timeOf(code) - bareMs);
    }
  }
  return [...added].map(([name, ms]) => ({ name, ms: Math.round(median(ms) * 10) / 10 }));
}

export async function measure() {
  const columns = { gzip: 'bytes minified, gzipped', minified: 'bytes minified' };
  return [
    {
      title: 'The smallest bundle that retries',
      note: 'By esbuild, as a page or a worker would carry it.',
      columns,
      rows: await weighAll(retries),
      goals: [{ row: 'mulligan', column: 'gzip', most: 3000 }],
    },
    {
      title: 'Bundles of more than retry',
      columns,
      rows: await weighAll(sets),
      goals: [
        { row: 'mulligan: retry, breaker, time limits', column: 'gzip', most: 5000 },
        { row: 'mulligan: the whole front door', column: 'gzip', most: 10_000 },
      ],
    },
    {
      title: 'Importing the package in Node, over a bare start',
      note: '“nothing” shows what is noise.',
      columns: { ms: 'CPU ms' },
      rows: timeImports(),
      goals: [{ row: 'mulligan', column: 'ms', most: 5 }],
    },
  ];
}
