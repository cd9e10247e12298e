import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { root } from './support/root.ts';

const lines = (count: number) => Array.from({ length: count }, (_, index) => `  use(${index});`).join('\n');
const branches = Array.from({ length: 15 }, (_, index) => `  if (n === ${index}) return ${index};`).join('\n');

/** What is planted, and the rule that must find it. */
const violations: [path: string, rule: string, source: string][] = [
  ['retry/now.ts', 'no-restricted-properties', 'export const now = Date.now();'],
  ['retry/random.ts', 'no-restricted-properties', 'export const random = Math.random();'],
  ['retry/signal.ts', 'no-restricted-properties', 'export const signal = AbortSignal.timeout(1);'],
  ['retry/any-signal.ts', 'no-restricted-properties', 'export const signal = AbortSignal.any([]);'],
  ['retry/timer.ts', 'no-restricted-globals', 'export const timer = setTimeout(() => {}, 1);'],
  ['retry/interval.ts', 'no-restricted-globals', 'export const timer = setInterval(() => {}, 1);'],
  ['retry/clear.ts', 'no-restricted-globals', 'clearTimeout(1);\nexport const done = true;'],
  ['retry/clock.ts', 'no-restricted-globals', 'export const now = performance.now();'],
  ['retry/one.ts', 'no-cycle', `import { two } from './two.ts';\nexport const one = (): unknown => two;`],
  ['retry/two.ts', 'no-cycle', `import { one } from './one.ts';\nexport const two = (): unknown => one;`],
  ['retry/type-one.ts', 'no-cycle', `import type { Two } from './type-two.ts';\nexport type One = Two[];`],
  ['retry/type-two.ts', 'no-cycle', `import type { One } from './type-one.ts';\nexport type Two = { one: One };`],
  ['retry/long-file.ts', 'max-lines', Array.from({ length: 251 }, (_, n) => `export const n${n} = ${n};`).join('\n')],
  [
    'retry/long-function.ts',
    'max-lines-per-function',
    `export function f(use: (n: number) => void) {\n${lines(50)}\n}`,
  ],
  ['retry/complex.ts', 'complexity', `export function f(n: number) {\n${branches}\n  return n;\n}`],
  ['retry/many.ts', 'max-params', 'export const f = (a: 1, b: 1, c: 1, d: 1, e: 1) => [a, b, c, d, e];'],
  ['retry/default.ts', 'no-default-export', 'export default 1;'],
  ['retry/any.ts', 'no-explicit-any', 'export const f = (value: any): unknown => value;'],
  ['retry/bang.ts', 'no-non-null-assertion', 'export const f = (text?: string): string => text!;'],
  ['retry/BadName.ts', 'filename-case', 'export const one = 1;'],
  ['retry/floating.ts', 'no-floating-promises', 'export function f() {\n  Promise.resolve(1);\n}'],
  ['retry/only.test.ts', 'no-focused-tests', `import { it } from 'vitest';\nit.only('x', () => {});`],
  ['retry/unused.ts', 'no-unused-vars', 'const left = 1;\nexport const right = 2;'],
];

const innocent: [path: string, source: string][] = [
  ['kernel/system-world.ts', 'export const now = () => [performance.now(), Date.now(), Math.random(), setTimeout];'],
  ['retry/retry.test.ts', 'setTimeout(() => {}, Date.now());'],
];

describe('the linter finds what is planted', () => {
  const folder = mkdtempSync(join(tmpdir(), 'mulligan-lint-'));
  const found: { code: string; filename: string }[] = [];

  beforeAll(async () => {
    const source = 'packages/mulligan/src';
    cpSync(join(root, '.oxlintrc.json'), join(folder, '.oxlintrc.json'));
    cpSync(join(root, 'tsconfig.base.json'), join(folder, 'tsconfig.json'));
    for (const [path, text] of [...violations.map(([p, , t]) => [p, t] as const), ...innocent]) {
      mkdirSync(dirname(join(folder, source, path)), { recursive: true });
      writeFileSync(join(folder, source, path), `${text}\n`);
    }
    const oxlint = join(root, 'node_modules/oxlint/bin/oxlint');
    // Outside of the repository the linter needs to be told where its typed rules are.
    const env = { ...process.env, OXLINT_TSGOLINT_PATH: join(root, 'node_modules/oxlint-tsgolint/bin/tsgolint.js') };
    const output = await new Promise<string>((resolve) => {
      execFile(process.execPath, [oxlint, '--format=json'], { cwd: folder, env }, (_, stdout) => resolve(stdout));
    });
    const { diagnostics } = JSON.parse(output) as { diagnostics: typeof found };
    found.push(...diagnostics);
  });

  afterAll(() => rmSync(folder, { recursive: true }));

  const rulesFor = (path: string) =>
    found.filter(({ filename }) => filename.endsWith(`/src/${path}`)).map(({ code }) => code);

  it.each(violations)('%s: %s', (path, rule) => {
    expect(rulesFor(path)).toContainEqual(expect.stringContaining(`(${rule})`));
  });

  it.each(innocent)('and lets pass %s', (path) => {
    expect(rulesFor(path)).toEqual([]);
  });
});
