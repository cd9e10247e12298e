import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { describe, it } from 'vitest';

// Servers such as danted and postgres live where a user's PATH often does not reach.
const systemFolders = ['/usr/local/sbin', '/usr/sbin', '/sbin', '/usr/lib/postgresql/15/bin'];

/** The full path of the first of these programs that is installed. */
export function findProgram(...names: string[]): string | undefined {
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), ...systemFolders].filter(Boolean);
  return names.flatMap((name) => folders.map((folder) => join(folder, name))).find(isExecutable);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/**
 * A group of tests that needs a program which npm cannot bring. `names` are tried in order. Where none is installed
 * the group is skipped and says why; with `MULLIGAN_REQUIRE_PROGRAMS=1`, as in `.ci/run`, it fails instead.
 */
export function describeWithProgram(names: string | string[], title: string, tests: (path: string) => void): void {
  const candidates = [names].flat();
  const path = findProgram(...candidates);
  const reason = `${candidates.join(' or ')} is not installed`;
  describe(title, () => {
    if (path !== undefined) tests(path);
    else
      it('needs a program', ({ skip }) => {
        if (process.env['MULLIGAN_REQUIRE_PROGRAMS'] === '1') throw new Error(reason);
        skip(reason);
      });
  });
}
