import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const root = new URL('../../../../', import.meta.url);
const vectors = JSON.parse(readFileSync(new URL('vectors.json', import.meta.url), 'utf8')) as Record<
  string,
  readonly { readonly id?: string }[]
>;

/** Which folder's tests run which vectors of the five systems. */
const owners: Record<string, string> = {
  'packages/mulligan/src/presets':
    'F1 F3 F5 F5b C1 C3 C5 C6 C14 P2 P3 P4 P5 P6 P16 P16b L2 L3 L5 L9 S1 S3 S5 S5b S8 S10 S11 S12b S15 S18',
  'packages/mulligan/src/breaker': 'P18 P20 P21 P22 P25 P27b P27c',
  'packages/mulligan/src/http': 'F11 F12 F13 F15 F17 F18 F23',
  'packages/mulligan/src/download': 'F27',
  // The scores have no ids; their values stand in the test of that name.
  'packages/proxy/src/select': '0.93 0.72 1 0.946 0.9075 0.87 0.915',
};

const idsOf = (group: string): string[] =>
  group === 'meta' ? [] : (vectors[group] ?? []).map((each) => each.id ?? String((each as { score: number }).score));

test('every vector has exactly one owner, and every owner owns vectors that there are', () => {
  const ids = Object.keys(vectors).flatMap(idsOf).toSorted();
  expect(new Set(ids).size).toBe(ids.length);
  expect(Object.values(owners).join(' ').split(' ').toSorted()).toEqual(ids);
});

/** All that the tests of a folder say, their data included. */
function testsOf(folder: string): string {
  const at = new URL(`${folder}/`, root);
  return readdirSync(at, { recursive: true, encoding: 'utf8' })
    .filter((path) => /\.test\.ts$|vectors\.json$/u.test(path) && !path.endsWith('owners.test.ts'))
    .map((path) => readFileSync(new URL(path, at), 'utf8'))
    .join('\n');
}

test.each(Object.entries(owners))('the tests in %s name each of their vectors', (folder, ids) => {
  // A folder that has not been built yet owes its vectors.
  if (!existsSync(new URL(folder, root))) return;
  const tests = testsOf(folder);
  const isNamed = (word: string) => new RegExp(`(?<![\\w.])${word.replace('.', '\\.')}(?![\\w.])`, 'u').test(tests);
  const isRun = (group: string) => new RegExp(`test\\.each\\(\\w+\\.${group}\\)`, 'u').test(tests);
  const inGroups = new Set(Object.keys(vectors).filter(isRun).flatMap(idsOf));
  const missing = ids.split(' ').filter((id) => !inGroups.has(id) && !isNamed(id));
  expect(missing).toEqual([]);
});
