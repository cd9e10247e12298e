// Writes the tables of docs/errors.md anew from the code that they describe. test/docs.test.ts tells when it must be run.
import { readFileSync, writeFileSync } from 'node:fs';
import { breakerReasons, errorCodes, giveUpReasons } from '../packages/mulligan/dist/index.js';

const page = new URL('../docs/errors.md', import.meta.url);
const sections = {
  Codes: errorCodes,
  'Reasons for giving up': giveUpReasons,
  'Reasons of a circuit breaker': breakerReasons,
};

let text = readFileSync(page, 'utf8');
for (const [title, entries] of Object.entries(sections)) {
  const rows = Object.entries(entries).map(([name, meaning]) => `| \`${name}\` | ${meaning} |\n`);
  const table = new RegExp(`(## ${title}\\n[^#]*\\|---\\|---\\|\\n)(?:\\|.*\\n)*`, 'u');
  text = text.replace(table, (_whole, head) => head + rows.join(''));
}
writeFileSync(page, text);
