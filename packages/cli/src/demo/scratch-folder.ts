import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A folder in the system's temporary one that this process alone can write to. */
export interface ScratchFolder {
  readonly path: string;
  remove(): void;
}

/** Makes a folder that is removed at the latest when this process exits. */
export function createScratchFolder(): ScratchFolder {
  const path = mkdtempSync(join(tmpdir(), 'mulligan-'));
  const remove = (): void => {
    process.off('exit', remove);
    rmSync(path, { recursive: true, force: true });
  };
  process.on('exit', remove);
  return { path, remove };
}
