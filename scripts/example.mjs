// npm run example -- NAME: makes the checkout ready, compiles the examples, and runs one of them.
import { readdirSync } from 'node:fs';
import { ready } from './ready.mjs';
import { root, runNode } from './step.mjs';

const [wanted = ''] = process.argv.slice(2);
const names = readdirSync(new URL('../examples', import.meta.url))
  .filter((file) => file.endsWith('.ts'))
  .map((file) => file.slice(0, -'.ts'.length));
if (!names.includes(wanted)) {
  process.stderr.write(`npm run example -- NAME, where NAME is one of\n  ${names.join('\n  ')}\n`);
  process.exit(2);
}

await ready();
const { ok, output } = await runNode('node_modules/typescript/bin/tsc', '-p', `${root}examples/tsconfig.json`);
if (!ok) {
  process.stderr.write(output);
  process.exit(1);
}
await import(`../examples/dist/${wanted}.js`);
