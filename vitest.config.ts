import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';
import { compileTests } from './scripts/compile-tests.ts';

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** Every public entry of the workspace's packages, resolved to its source: tests need no build. */
function sourcesOf(folder: string): { find: RegExp; replacement: string }[] {
  const { name, exports } = JSON.parse(readFileSync(at(`${folder}/package.json`), 'utf8')) as {
    name: string;
    exports: Record<string, string | { default: string }>;
  };
  return Object.entries(exports).flatMap(([entry, target]) =>
    typeof target === 'string'
      ? []
      : {
          find: new RegExp(`^${name}${entry.slice(1)}$`, 'u'),
          replacement: at(`${folder}/${target.default.replace('./dist/', 'src/').replace(/\.js$/u, '.ts')}`),
        },
  );
}

const project = (name: string, include: string[], pool: 'threads' | 'forks', setupFiles: string[] = []) => ({
  extends: true as const,
  test: { name, include, pool, setupFiles: setupFiles.map(at) },
});

export default defineConfig({
  plugins: [compileTests()],
  resolve: { alias: [...sourcesOf('packages/mulligan'), ...sourcesOf('packages/proxy')] },
  test: {
    maxWorkers: availableParallelism(),
    // Properties run a thousand times: a busy machine must not fail them.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    expect: { poll: { timeout: 20_000 } },
    reporters: ['default', at('scripts/closing-line.ts')],
    projects: [
      project('mulligan', ['packages/mulligan/src/**/*.test.ts'], 'threads', ['test/support/property-runs.ts']),
      // These start servers and processes: each file gets a process of its own.
      project('proxy', ['packages/proxy/src/**/*.test.ts'], 'forks'),
      project('cli', ['packages/cli/src/**/*.test.ts'], 'forks'),
      project('dashboard', ['apps/dashboard/src/**/*.test.{ts,tsx}'], 'forks'),
      project('repository', ['test/*.test.ts'], 'forks'),
      // Short here; npm run soak takes its time.
      project('soak', ['test/soak/*.test.ts'], 'forks'),
      // Real clients and servers of other people, installed in that folder only.
      project('sdks', ['test/sdks/*.test.ts'], 'forks'),
    ],
    coverage: {
      provider: 'v8',
      include: ['packages/*/src/**/*.ts'],
      // main.ts runs as a process of its own, where coverage does not see it.
      exclude: ['**/*.test.ts', '**/*.test-d.ts', 'packages/cli/src/main.ts'],
      reporter: [['text', { skipFull: true }], 'html', 'json-summary'],
      thresholds: {
        lines: 90,
        branches: 80,
        'packages/mulligan/src/**': { lines: 95, branches: 90 },
      },
    },
  },
});
