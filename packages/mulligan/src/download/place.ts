import { link, open, rename, stat, unlink } from 'node:fs/promises';
import { dirname } from 'node:path';
import { onDisk } from './error.ts';

/** Why a file system does not give a second name to a file: it cannot. */
const cannotLink: ReadonlySet<string | undefined> = new Set([
  'EPERM',
  'ENOTSUP',
  'EOPNOTSUPP',
  'ENOSYS',
  'EMLINK',
  'EINVAL',
]);

/**
 * Gives a finished file its name, in one step. Where nothing may be replaced, a file that has come into being meanwhile is
 * left alone. Returns whether the name was free.
 */
export async function place(from: string, to: string, mayReplace: boolean): Promise<boolean> {
  return onDisk(to, async () => {
    if (mayReplace) await rename(from, to);
    else if (!(await linkAlone(from, to))) return false;
    await syncFolder(dirname(to));
    return true;
  });
}

async function linkAlone(from: string, to: string): Promise<boolean> {
  try {
    await link(from, to);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST') return false;
    if (!cannotLink.has(code)) throw error;
    // The second best: between the two somebody could take the name.
    if (
      await stat(to).then(
        () => true,
        () => false,
      )
    )
      return false;
    await rename(from, to);
    return true;
  }
  await unlink(from);
  return true;
}

/** Makes the name as safe as the file. Not every system lets a folder be opened. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r').catch(() => undefined);
  await handle?.sync().catch(() => {});
  await handle?.close();
}
