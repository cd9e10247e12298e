// npm run bench: measures mulligan beside its peers. `npm run bench -- retry` runs one benchmark, `--json` prints what
// was measured as JSON, and `--docs` writes docs/benchmarks.md.
import { fork } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { ready, readyFolder } from '../scripts/ready.mjs';
import { flags } from './measure.mjs';
import { asMarkdown, asText } from './report.mjs';

const benchmarks = ['retry', 'pipeline', 'breaker', 'memory', 'select', 'size', 'http', 'gateway'];

/**
 * Each benchmark has a process of its own: what one leaves behind must not weigh on the next.
 *
 * @param {string} name
 * @returns {Promise<import('./report.mjs').Table[]>}
 */
function run(name) {
  const child = fork(new URL('run-one.mjs', import.meta.url), [name], { execArgv: flags });
  return new Promise((resolve, reject) => {
    child.on('message', resolve);
    child.on('exit', (code) => reject(new Error(`the benchmark ${name} ended with ${code} and without results`)));
  });
}

const { values, positionals } = parseArgs({
  options: { json: { type: 'boolean' }, docs: { type: 'boolean' } },
  allowPositionals: true,
});
const unknown = positionals.find((name) => !benchmarks.includes(name));
if (unknown !== undefined || (values.docs && positionals.length > 0)) {
  console.error(
    unknown === undefined
      ? '--docs runs all benchmarks: give no names.'
      : `There is no benchmark ${unknown}; there are ${benchmarks.join(', ')}.`,
  );
  process.exit(2);
}

await ready();
const installed = await readyFolder('bench');
if (!installed.ok) {
  console.error(installed.output);
  process.exit(1);
}

const results = [];
for (const name of positionals.length > 0 ? positionals : benchmarks) {
  const result = { benchmark: name, tables: await run(name) };
  results.push(result);
  if (!values.json) console.log(asText(result));
}
if (values.json) console.log(JSON.stringify({ node: process.versions.node, results }, undefined, 2));
if (values.docs) writeFileSync(new URL('../docs/benchmarks.md', import.meta.url), asMarkdown(results));
