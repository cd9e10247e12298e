import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { breakerReasons, errorCodes, giveUpReasons } from 'mulligan';
import { expect, it } from 'vitest';
import { root } from './support/root.ts';

const page = readFileSync(join(root, 'docs/errors.md'), 'utf8');

function tableUnder(title: string): Record<string, string> {
  const section = page.split(`## ${title}\n`)[1]?.split('\n## ')[0] ?? '';
  const rows = [...section.matchAll(/^\| `(?<name>[^`]+)` \| (?<meaning>.*) \|$/gmu)];
  return Object.fromEntries(rows.map(({ groups }) => [groups!['name'], groups!['meaning']]));
}

it.each([
  ['Codes', errorCodes],
  ['Reasons for giving up', giveUpReasons],
  ['Reasons of a circuit breaker', breakerReasons],
])('docs/errors.md says the same as the code: %s (else run node scripts/write-tables.mjs)', (title, entries) => {
  expect(tableUnder(title)).toEqual(entries);
});
