import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { root } from './support/root.ts';

interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly engines: Record<string, string>;
  readonly exports: Record<string, string | { types: string; default: string }>;
  readonly dependencies?: Record<string, string>;
  readonly peerDependencies?: Record<string, string>;
  readonly peerDependenciesMeta?: Record<string, { optional: boolean }>;
}

interface LockEntry {
  readonly version?: string;
  readonly integrity?: string;
  readonly resolved?: string;
  readonly link?: boolean;
}

const text = (path: string) => readFileSync(join(root, path), 'utf8');
const json = (path: string): unknown => JSON.parse(text(path));

const folders = ['packages/mulligan', 'packages/proxy', 'packages/cli'];
const manifests = folders.map((folder) => ({ folder, manifest: json(`${folder}/package.json`) as Manifest }));
const versions = new Map(manifests.map(({ manifest }) => [manifest.name, manifest.version]));
const entries = manifests.flatMap(({ folder, manifest }) =>
  Object.entries(manifest.exports).flatMap(([entry, target]) =>
    typeof target === 'string' ? [] : { folder, specifier: manifest.name + entry.slice(1), target },
  ),
);

describe('the published packages', () => {
  it.each(manifests)('$folder runs on the same Node, carries the licence and pins its neighbours', (each) => {
    expect(each.manifest.engines).toEqual((json('package.json') as Manifest).engines);
    expect(text(`${each.folder}/LICENSE`)).toBe(text('LICENSE'));
    for (const [name, range] of Object.entries(each.manifest.dependencies ?? {})) {
      expect(range, name).toMatch(/^\d+\.\d+\.\d+$/u);
      expect(versions.get(name) ?? range, name).toBe(range);
    }
  });

  it('asks users of the library to install nothing', () => {
    const { dependencies, peerDependencies = {}, peerDependenciesMeta = {} } = manifests[0]!.manifest;
    expect(dependencies).toBeUndefined();
    for (const name of Object.keys(peerDependencies)) expect(peerDependenciesMeta[name]).toEqual({ optional: true });
  });

  it.each(entries)('$specifier leads to a source, code and types alike', ({ folder, target }) => {
    expect(Object.keys(target)).toEqual(['types', 'default']);
    expect(target.types.replace(/\.d\.ts$/u, '.js')).toBe(target.default);
    const source = target.default.replace('./dist/', 'src/').replace(/\.js$/u, '.ts');
    expect(existsSync(join(root, folder, source)), source).toBe(true);
  });
});

describe('the lock file', () => {
  const { packages } = json('package-lock.json') as { packages: Record<string, LockEntry> };
  const external = Object.entries(packages).filter(([path, entry]) => path.includes('node_modules/') && !entry.link);

  it('is complete and names no host', () => {
    // npm drops an optional package whose version its registry does not have; `npm ci` then refuses the lock file.
    const broken = external.filter(([, { version, integrity, resolved }]) => !version || !integrity || resolved);
    expect(broken).toEqual([]);
  });

  it.each(['rolldown', 'oxlint', 'oxfmt', 'oxc-parser', 'typescript'])('has %s for every platform', (name) => {
    const { optionalDependencies } = json(`node_modules/${name}/package.json`) as Record<string, object>;
    expect(Object.keys(packages)).toEqual(
      expect.arrayContaining(Object.keys(optionalDependencies!).map((path) => `node_modules/${path}`)),
    );
  });
});
