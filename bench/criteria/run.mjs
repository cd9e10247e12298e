// npm run criteria: measures the success criteria of the proxy rotator, and ends with 1 when one is missed. `--quick`
// only sees that everything works, `--json` prints what was measured, and `--docs` writes docs/success-criteria.md.
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { ready } from '../../scripts/ready.mjs';
import { isMet } from './criterion.mjs';
import { asLine, asMarkdown } from './report.mjs';

const { values } = parseArgs({
  options: { quick: { type: 'boolean' }, json: { type: 'boolean' }, docs: { type: 'boolean' } },
});
if (values.quick && values.docs) {
  console.error('--docs shows the whole measurement: leave --quick out.');
  process.exit(2);
}

await ready();
const { measureAll } = await import('./measure-all.mjs');
const criteria = await measureAll({ isQuick: values.quick ?? false });
console.log(values.json ? JSON.stringify(criteria, undefined, 2) : criteria.map(asLine).join('\n'));
if (values.docs) writeFileSync(new URL('../../docs/success-criteria.md', import.meta.url), asMarkdown(criteria));
process.exitCode = criteria.every(isMet) ? 0 : 1;
