import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from 'vitest';
import { regionOf } from './support/regions.ts';
import { root } from './support/root.ts';

const run = promisify(execFile);
const node = (...args: string[]) => run(process.execPath, args, { cwd: root });

/** What each example prints. */
const printed: Record<string, string> = {
  'backoff-hook': `waiting for exactly 1000 ms, as the server asks
welcome
404: 1 attempt, given up as not-retryable`,
  'basic-retry': `fetched {"answer":42} over connection 3
read {"colour":"blue"}`,
  'custom-configuration': `given up after 6 attempts: attempts
every wait within its bound: true`,
  'custom-exceptions': `after a rate limit: {"status":200,"requests":3}
Invalid credentials, after 1 request`,
  'custom-timing': `processed after 20 s of virtual time
waits of 5000, 15000, 45000 ms; a RangeError is retried: false`,
  decorator: `200 after two failures; still named doIt`,
  'fetch-repo-docs': `ada/engine: # The engine (readme)
ada/notes: # One, # Two (files)
ada/secret: /repos/ada/secret/readme was answered with 403
2 × /repos/ada/engine/readme
2 × /repos/ada/notes/contents/
1 × /repos/ada/notes/contents/one.md
2 × /repos/ada/notes/contents/two.md
1 × /repos/ada/notes/readme
1 × /repos/ada/secret/readme`,
  'proxy-pool': `200 data
broken: closed, 1 failures
working: closed, 0 failures
successes by retries: {"1":1}`,
  'retry-context': `attempt 2, next wait at least 200 ms
attempt 3, next wait at least 400 ms
{"status":200,"requests":3}
21.5 °C at attempt 2`,
  'retry-hooks': `made the hook
retry 1 of fetchUser, caused by Error: 503
the wait is over
retry 2 of fetchUser, caused by Error: 502
the wait is over
Ada
log: fetchUser: attempt 1 of 3 failed (503); trying again in 10 ms
log: fetchUser: attempt 2 of 3 failed (502); trying again in 20 ms
Ada`,
  'retry-metrics': `similarity_search: Attempt 1/4 failed: Connection refused. Retrying in 1.00s...
similarity_search: Attempt 2/4 failed: Connection refused. Retrying in 2.00s...
similarity_search: Succeeded on attempt 3
similarity_search: Attempt 1/4 failed: Connection refused. Retrying in 1.00s...
similarity_search: Attempt 2/4 failed: Connection refused. Retrying in 2.00s...
similarity_search: Attempt 3/4 failed: Connection refused. Retrying in 4.00s...
similarity_search: Max retries (3) exceeded
similarity_search: All retry attempts failed. Last exception: Connection refused
retry rate 0.67, success after retry 0.33
exhausted 1, average retries 1.67, waited 10000 ms`,
  'retry-session': `/api/data at request 2
/metadata at request 2
Request failed with status 504 for http://…/api/data. Retrying in … seconds (attempt 1/6)`,
  'retryable-client': `users: {"status":200,"requests":3}`,
  'retrying-caller': `{"status":200,"requests":2} with 42
{"status":200,"requests":4} with 43`,
  storage: `stored a.txt and b.txt with 4 attempts; the last was b.txt`,
  'testing-switches': `switched off: 1 attempt
testing: 2 attempts
capped: 3 of 10, 1 of 1
testing again: 2 attempts
active: true, testing: false`,
};

const files = readdirSync(join(root, 'examples')).filter((file) => file.endsWith('.ts'));

describe('every example runs, as a program of its own', () => {
  beforeAll(() => node('node_modules/typescript/bin/tsc', '-p', 'examples/tsconfig.json'));

  it('and none is forgotten', () => {
    expect(files).toEqual(Object.keys(printed).map((name) => `${name}.ts`));
    const listed = readFileSync(join(root, 'examples/README.md'), 'utf8').matchAll(
      /\[`(?<name>[^`]+)`\]\(\k<name>\.ts\)/gu,
    );
    expect([...listed].map(({ groups }) => `${groups!['name']}.ts`).sort()).toEqual(files);
  });

  it.concurrent.each(Object.entries(printed))('%s', async (name, expected) => {
    const { stdout, stderr } = await node(`examples/dist/${name}.js`);
    expect({ stdout: stdout.trimEnd(), stderr }).toEqual({ stdout: expected, stderr: '' });
  });
});

describe('docs/five-systems.md shows what the examples run', () => {
  const page = readFileSync(join(root, 'docs/five-systems.md'), 'utf8');
  const shown = [...page.matchAll(/```ts (?<file>examples\/\S+)#(?<region>\S+)\n(?<code>[^]*?)\n```/gu)];

  it.each(shown.map(({ groups }) => groups as { file: string; region: string; code: string }))(
    '$file#$region',
    ({ file, region, code }) => {
      expect(code).toBe(regionOf(file, region));
    },
  );

  it('and nothing in TypeScript besides', () => {
    expect(shown.length).toBeGreaterThan(0);
    expect([...page.matchAll(/```(?:ts|typescript)\b/gu)]).toHaveLength(shown.length);
  });
});
