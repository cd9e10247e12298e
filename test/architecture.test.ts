import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { checkArchitecture, type PackagePlan } from './architecture/rules.ts';
import { root } from './support/root.ts';

const { packages } = JSON.parse(readFileSync(join(root, 'floors.json'), 'utf8')) as { packages: PackagePlan[] };

const sourcesOf = (folder: string) =>
  new Map(
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter((path) => /\.tsx?$/u.test(path))
      .map((path) => [path.replaceAll('\\', '/'), readFileSync(join(root, folder, path), 'utf8')]),
  );

describe('the packages keep to floors.json', () => {
  it.each(packages)('$name', (plan) => {
    const sources = sourcesOf(plan.source);
    expect(sources.size, 'nothing was checked').toBeGreaterThan(0);
    expect(checkArchitecture(plan, sources)).toEqual([]);
  });

  it('lists as Node only what tsconfig.node.json compiles with the types of Node', () => {
    const read = (name: string, key: string) => {
      const text = readFileSync(join(root, 'packages/mulligan', name), 'utf8').replaceAll(/^\s*\/\/.*$/gmu, '');
      return (JSON.parse(text) as Record<string, string[]>)[key]!;
    };
    const nodeOnly = packages[0]!.nodeOnly!.map((entry) => `src/${entry}`);
    const withFiles = (entries: string[]) => entries.map((entry) => entry.replace(/\.ts$/u, ''));
    expect(new Set(withFiles(read('tsconfig.node.json', 'include')))).toEqual(new Set(nodeOnly));
    const excluded = withFiles(read('tsconfig.src.json', 'exclude')).filter((entry) => !entry.includes('*'));
    expect(new Set(excluded)).toEqual(new Set(nodeOnly));
  });
});

describe('each rule fires', () => {
  const plan: PackagePlan = {
    name: 'mulligan',
    source: 'src',
    floors: [['kernel'], ['retry', 'breaker'], ['http'], ['download']],
    frontDoorFloors: 2,
    nodeOnly: ['download', 'http/undici'],
    ambient: 'kernel/system-world.ts',
    thirdParty: { 'prom-client': ['http/metrics'] },
    imports: [],
  };
  const complaintsAbout = (path: string, source: string, changes: Partial<PackagePlan> = {}) =>
    checkArchitecture({ ...plan, ...changes }, new Map([[path, source]]));

  it.each([
    ['kernel/policy.ts', `import { retry } from '../retry/index.ts';`, 'imports retry of floor 1 from floor 0'],
    ['kernel/policy.ts', `import type { R } from '../retry/index.ts';`, 'imports only go down'],
    ['kernel/policy.ts', `export type X = import('../retry/index.ts').X;`, 'imports only go down'],
    ['kernel/policy.ts', `export * from '../retry/index.ts';`, 'imports only go down'],
    ['kernel/policy.ts', `await import('../retry/index.ts');`, 'imports only go down'],
    ['kernel/policy.ts', `import { x } from '../index.ts';`, 'imports only go down'],
    ['retry/retry.ts', `import { b } from '../breaker/index.ts';`, 'imports its sibling breaker'],
    ['retry/retry.ts', `import { p } from '../kernel/policy.ts';`, 'entered through kernel/index.ts only'],
    ['retry/retry.test.ts', `import { p } from '../kernel/policy.ts';`, 'entered through kernel/index.ts only'],
    ['retry/deep/a.ts', `import { r } from '../index.ts';`, "imports its own folder's retry/index.ts"],
    ['index.ts', `export * from './http/index.ts';`, 'must not show http'],
    ['sideboard/x.ts', `export const x = 1;`, 'the folder sideboard has no floor'],
    ['kernel/a.ts', `import { b } from '../../../proxy/src/b.ts';`, 'outside of its package'],
    ['kernel/a.ts', `import fs from 'node:fs';`, 'imports node:fs, but is not marked Node only'],
    ['http/fetch.ts', `import 'node:net';`, 'imports node:net'],
    ['http/fetch.ts', `import { z } from 'zod';`, 'imports zod, which floors.json does not allow here'],
    ['http/fetch.ts', `import { Counter } from 'prom-client';`, 'imports prom-client, which'],
    ['http/fetch.ts', `import { g } from '@mulligan/proxy';`, 'which is not below mulligan'],
    ['retry/a.ts', `export const now = new Date();`, 'new Date() reads ambient time'],
    ['retry/a.ts', `export const now = Date();`, 'Date() reads ambient time'],
    ['retry/a.ts', `globalThis.setTimeout(f);`, 'globalThis.setTimeout reads ambient time'],
    ['retry/retry-utils.ts', ``, 'the name retry-utils says nothing'],
    ['retry/common/a.ts', ``, 'the name common says nothing'],
    ['retry/a.ts', `export class RetryImpl {}`, 'the name RetryImpl'],
    ['retry/a.ts', `interface IRetry {}`, 'the name IRetry'],
  ])('%s: %s', (path, source, complaint) => {
    expect(complaintsAbout(path, source)).toEqual([expect.stringContaining(complaint)]);
  });

  it.each([
    ['retry/retry.ts', `import { p } from '../kernel/index.ts'; import { d } from './decide.ts';`],
    ['index.ts', `export * from './kernel/index.ts'; export { retry } from './retry/index.ts';`],
    ['download/download.ts', `import fs from 'node:fs/promises'; import { f } from '../http/index.ts';`],
    ['http/undici.ts', `import net from 'node:net';`],
    ['http/metrics.ts', `import { Counter } from 'prom-client';`],
    ['kernel/system-world.ts', `export const now = () => new Date();`],
    ['retry/retry.test.ts', `import { it } from 'vitest'; import { v } from '../breaker/index.ts'; new Date();`],
    ['kernel/a.ts', `// import 'node:fs';\nexport const text = "import 'node:fs'"; new Date(0);`],
  ])('and lets pass %s: %s', (path, source) => {
    expect(complaintsAbout(path, source)).toEqual([]);
  });

  it('keeps the browser free of node: modules and lower packages free of higher ones', () => {
    const page: Partial<PackagePlan> = { name: 'page', platform: 'browser', imports: ['@mulligan/proxy'] };
    const source = `import 'node:fs'; import '@mulligan/proxy'; import 'mulligan-cli';`;
    expect(complaintsAbout('kernel/main.ts', source, page)).toHaveLength(2);
  });

  it('answers a file that cannot be parsed with its name', () => {
    expect(() => complaintsAbout('kernel/a.ts', 'import {')).toThrow(/kernel\/a\.ts/u);
  });
});
