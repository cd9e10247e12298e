import { mkdir, open, readdir, realpath, rename, rm, rmdir, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { InvalidOptionError, show } from '../../kernel/index.ts';
import { StoragePermissionError } from '../error.ts';
import { checkKey } from '../key.ts';
import { isMissing } from './map-error.ts';

/** What is ours alone within the folder: unfinished files, and what a file cannot say of itself. */
export const ownFolder = '.mulligan';
/** How old an unfinished file is when nobody can be writing it any more. */
const forgottenMs = 86_400_000;

/** Where things are in the folder of a storage. */
export class Layout {
  readonly root: string;
  readonly unfinished: string;

  constructor(root: string) {
    this.root = resolve(root);
    this.unfinished = join(this.root, ownFolder, 'unfinished');
  }

  /** The file of a key. */
  file(key: string, option = 'key'): string {
    const segments = checkKey(key, option).split('/');
    if (segments[0] === ownFolder) {
      const message = `${option} must not begin with ${ownFolder}/, which is the storage's own, got ${show(key)}`;
      throw new InvalidOptionError(option, key, message);
    }
    return join(this.root, ...segments);
  }

  /** Where type and metadata of one version of a file are kept. */
  about(key: string, version: string): string {
    return join(this.root, ownFolder, 'about', ...key.split('/'), `${version}.json`);
  }

  /**
   * Refuses a path that symbolic links lead elsewhere, as far as it exists. The file itself is opened without following
   * a link.
   */
  async checkInside(key: string, file: string): Promise<void> {
    let folder = dirname(file);
    let real = await realpathOf(folder);
    while (real === undefined && folder.length > this.root.length) {
      folder = dirname(folder);
      real = await realpathOf(folder);
    }
    const root = (await realpathOf(this.root)) ?? this.root;
    if (real === undefined || real === join(root, folder.slice(this.root.length))) return;
    throw new StoragePermissionError(`${key}: a symbolic link leads out of its place`, { key });
  }

  /** Takes folders away that a removed file leaves empty, up to the root. */
  async prune(file: string): Promise<void> {
    for (let folder = dirname(file); folder.length > this.root.length; folder = dirname(folder)) {
      try {
        await rmdir(folder);
      } catch {
        return;
      }
    }
  }

  /** Removes what a process that was killed has left unfinished. */
  async removeForgotten(nowMs: number): Promise<void> {
    const names = await readdir(this.unfinished).catch(() => []);
    for (const name of names) {
      const path = join(this.unfinished, name);
      const age = await stat(path).then(
        ({ mtimeMs }) => nowMs - mtimeMs,
        () => 0,
      );
      if (age > forgottenMs) await rm(path, { force: true });
    }
  }
}

async function realpathOf(path: string): Promise<string | undefined> {
  try {
    return await realpath(path);
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

/** How often folders are made again that somebody else takes away because they are empty. */
const mostTries = 20;

/** Gives a file its name, and makes the folders that it needs. */
export async function giveName(unfinished: string, target: string, check?: () => Promise<void>): Promise<void> {
  for (let tries = 1; ; tries++) {
    try {
      await check?.();
      await mkdir(dirname(target), { recursive: true });
      return await rename(unfinished, target);
    } catch (error) {
      const isGone = error instanceof Error && 'code' in error && error.code === 'ENOENT';
      if (!isGone || tries === mostTries) throw error;
    }
  }
}

/** Makes a rename or a removal outlive a power cut, where the platform can. */
export async function syncFolder(file: string): Promise<void> {
  try {
    const folder = await open(dirname(file), 'r');
    try {
      await folder.sync();
    } finally {
      await folder.close();
    }
  } catch {
    // Windows opens no folders, and some file systems do not sync them.
  }
}
