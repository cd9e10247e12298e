import { randomUUID } from 'node:crypto';
import type { BigIntStats } from 'node:fs';
import { type FileHandle, lstat, mkdir, open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { World } from '../../kernel/index.ts';
import type { ObjectInfo } from '../storage.ts';
import { type About, removeAbout, versionOf, writeAbout } from './about.ts';
import { giveName, type Layout, syncFolder } from './layout.ts';
import { isMissing, mapWriteError } from './map-error.ts';

/** Fills a file that has no name yet. */
export type Fill = (file: FileHandle) => Promise<void>;

/** The version that a name stands for now. */
export async function currentVersion(file: string): Promise<string | undefined> {
  try {
    const found = await lstat(file, { bigint: true });
    return found.isFile() ? versionOf(found) : undefined;
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

/** Writes a file out of sight, makes sure that it is on the disk, and only then gives it its name. */
export async function publish(
  layout: Layout,
  world: Pick<World, 'wallNow' | 'random'>,
  key: string,
  { fill, about }: { readonly fill: Fill; readonly about: About },
): Promise<ObjectInfo> {
  const target = layout.file(key);
  await mkdir(layout.unfinished, { recursive: true });
  const unfinished = join(layout.unfinished, randomUUID());
  try {
    const written = await write(unfinished, world, fill);
    const version = versionOf(written);
    await place(layout, { key, unfinished, target, version, about });
    const { contentType, metadata } = about;
    const { size, mtime: lastModified } = written;
    return { key, sizeBytes: Number(size), etag: version, lastModified, contentType, metadata };
  } catch (error) {
    await rm(unfinished, { force: true });
    throw mapWriteError(error, key);
  }
}

async function write(path: string, world: Pick<World, 'wallNow' | 'random'>, fill: Fill): Promise<BigIntStats> {
  const file = await open(path, 'wx');
  try {
    await fill(file);
    // Two versions of the same millisecond and length must not have one name.
    const changed = (world.wallNow() + world.random()) / 1000;
    await file.utimes(changed, changed);
    await file.sync();
    return await file.stat({ bigint: true });
  } finally {
    await file.close();
  }
}

/** What gets a name, and where. */
export interface Placement {
  readonly key: string;
  readonly unfinished: string;
  readonly target: string;
  readonly version: string;
  readonly about: About;
}

/** Gives a file its name, in one step for everybody who looks. */
export async function place(layout: Layout, { key, unfinished, target, version, about }: Placement): Promise<void> {
  await writeAbout(layout, key, version, about);
  const before = await currentVersion(target);
  try {
    await giveName(unfinished, target, () => layout.checkInside(key, target));
  } catch (error) {
    if (before !== version) await removeAbout(layout, key, version);
    throw error;
  }
  await syncFolder(target);
  if (before !== undefined && before !== version) await removeAbout(layout, key, before);
}
