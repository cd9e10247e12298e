import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, onTestFinished, test } from 'vitest';
import { startServer } from '@mulligan/proxy';
import { apiErrorStatus } from '../packages/proxy/src/api/error.ts';
import { startRefusing } from './support/listening.ts';
import { describeWithProgram } from './support/program.ts';
import { regionOf } from './support/regions.ts';
import { root } from './support/root.ts';

const run = promisify(execFile);
const page = readFileSync(join(root, 'docs/api.md'), 'utf8');
const blocks = [...page.matchAll(/^```(?<language>[^\n]*)\n(?<text>[^]*?)\n```$/gmu)].map(({ groups }) => ({
  language: groups?.['language'] ?? '',
  text: groups?.['text'] ?? '',
}));

/** Moments are other ones each time. */
const timeless = (text: string): string => text.replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/gu, 'a moment');

/** Runs lines of a shell; each answer that is printed ends its line. */
async function shell(lines: string, env: Record<string, string>): Promise<string> {
  const { stdout } = await run('bash', ['-c', lines], { env: { PATH: process.env['PATH'] ?? '', ...env } });
  return stdout.trimEnd();
}

describeWithProgram('curl', 'docs/api.md', () => {
  test('every line runs as it stands, and is answered as it says', async () => {
    const refusing = await startRefusing();
    onTestFinished(() => refusing.close());
    const server = await startServer({
      rotator: { proxies: [{ id: 'proxy1.example.com:8080', url: `http://127.0.0.1:${refusing.port}` }] },
      gateway: { port: 0 },
      api: { port: 0 },
    });
    onTestFinished(() => server.close());
    const home = mkdtempSync(join(tmpdir(), 'mulligan-curl-'));
    onTestFinished(() => rmSync(home, { recursive: true }));
    writeFileSync(join(home, '.curlrc'), 'write-out = "\\n"\nmax-time = 20\n');
    const env = { HOME: home, API: server.api, TOKEN: server.token ?? '' };
    let compared = 0;
    for (const [index, { language, text }] of blocks.entries()) {
      if (language !== 'sh') continue;
      const printed = await shell(text, env);
      const expected = blocks[index + 1];
      if (expected?.language === '') expect(printed).toBe(expected.text);
      else if (expected?.language === 'json') {
        const last = printed.split('\n').at(-1) ?? '';
        expect(JSON.parse(timeless(last)), text).toEqual(JSON.parse(timeless(expected.text)));
        compared++;
      } else for (const answer of printed.split('\n')) expect(answer, text).not.toMatch(/"details"/u);
    }
    expect(compared).toBeGreaterThan(5);
  });
});

test('docs/api.md names every error with its status', () => {
  const rows = [...page.matchAll(/^\| `(?<code>[A-Z_]+)` \| (?<status>\d+) \|/gmu)];
  expect(Object.fromEntries(rows.map(({ groups }) => [groups?.['code'], Number(groups?.['status'])]))).toEqual(
    apiErrorStatus,
  );
});

test('docs/api.md shows what the programs run', () => {
  const shown = blocks.filter(({ language }) => language.startsWith('ts'));
  expect(shown.length).toBeGreaterThan(0);
  for (const { language, text } of shown) {
    const [file = '', region = ''] = language.replace('ts ', '').split('#');
    expect(text).toBe(regionOf(file, region));
  }
});
