import { open, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { InvalidOptionError } from '../kernel/index.ts';
import { DownloadExistsError, DownloadFileError } from './error.ts';
import { dispositionName, fileNameOf } from './file-name.ts';
import type { Target } from './part-file.ts';
import type { DownloadPlan } from './plan.ts';
import { findMismatch } from './verify.ts';

/** Where a file goes; in a folder its name comes from its address. */
export async function findTarget(pathOrFolder: string, { sources, nameFrom }: DownloadPlan): Promise<Destination> {
  if (pathOrFolder === '') {
    throw new InvalidOptionError('pathOrFolder', pathOrFolder, 'pathOrFolder must name a file or a folder, got ""');
  }
  const isFolder = /[/\\]$/.test(pathOrFolder) || (await isFolderAt(pathOrFolder));
  const mayRename = isFolder && nameFrom === 'content-disposition';
  if (isFolder) return new Destination({ folder: pathOrFolder, name: fileNameOf(sources[0].url) }, mayRename);
  return new Destination({ folder: dirname(pathOrFolder), name: basename(pathOrFolder) }, false);
}

/** The place of a file, whose name may become known late. */
export class Destination {
  readonly target: Target;
  /** Whether the server may name the file. */
  readonly mayRename: boolean;

  constructor(target: Target, mayRename: boolean) {
    this.target = target;
    this.mayRename = mayRename;
  }

  /** @param disposition what the server has said of the name */
  path(disposition?: string): string {
    const { folder, name } = this.target;
    return join(folder, (this.mayRename ? dispositionName(disposition) : undefined) ?? name);
  }
}

/**
 * Looks for a file that is there already. Gives its size where it is to be kept, `undefined` where it is to be
 * replaced, or there is none.
 * @throws {DownloadExistsError} when there must be none, or another
 */
export async function keepExisting(path: string, plan: DownloadPlan): Promise<number | undefined> {
  if (plan.existing === 'overwrite') return undefined;
  const facts = await stat(path).catch(() => undefined);
  if (facts === undefined) return undefined;
  if (plan.existing === 'error') throw new DownloadExistsError(path, 'exists already');
  if (!facts.isFile()) throw new DownloadExistsError(path, 'exists already, and is no file');
  const file = await open(path, 'r').catch((error: unknown) => {
    throw new DownloadFileError(path, error);
  });
  try {
    const mismatch = await findMismatch(file, plan, path, plan.signal);
    if (mismatch === undefined) return facts.size;
    throw new DownloadExistsError(
      path,
      "exists already, and is another file; to replace it set existing to 'overwrite'",
    );
  } finally {
    await file.close();
  }
}

async function isFolderAt(path: string): Promise<boolean> {
  const facts = await stat(path).catch(() => undefined);
  return facts?.isDirectory() ?? false;
}
