import { open, readFile, rm } from 'node:fs/promises';
import { defaultContentType } from '../body.ts';
import type { ObjectInfo } from '../storage.ts';
import { isMissing } from './map-error.ts';
import { giveName, type Layout } from './layout.ts';

/** What a file cannot say of itself. */
export type About = Pick<ObjectInfo, 'contentType' | 'metadata'>;

/** What is true of files that nobody said anything about, such as those that other programs made. */
export const nothingSaid: About = Object.freeze({ contentType: defaultContentType, metadata: Object.freeze({}) });

/** The version of a file: its name in `about`, and its etag. */
export function versionOf({ mtimeNs, size }: { readonly mtimeNs: bigint; readonly size: bigint }): string {
  return `${mtimeNs.toString(36)}-${size.toString(36)}`;
}

/**
 * Writes what is known of a version, **before** the file of that version gets its name: what is said of the version
 * before stays where it is, so that at every moment the file that can be read has its own.
 */
export async function writeAbout(layout: Layout, key: string, version: string, about: About): Promise<void> {
  if (about.contentType === defaultContentType && Object.keys(about.metadata).length === 0) return;
  const path = layout.about(key, version);
  const unfinished = `${layout.unfinished}/${version}-about`;
  const file = await open(unfinished, 'w');
  try {
    await file.writeFile(JSON.stringify(about));
    await file.sync();
  } finally {
    await file.close();
  }
  await giveName(unfinished, path);
}

/** Reads what is known of a version: nothing, if nothing was said, or if there is another version by now. */
export async function readAbout(layout: Layout, key: string, version: string): Promise<About | undefined> {
  try {
    return JSON.parse(await readFile(layout.about(key, version), 'utf8')) as About;
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

/** Forgets what was known of a version that is gone. */
export async function removeAbout(layout: Layout, key: string, version: string): Promise<void> {
  const path = layout.about(key, version);
  await rm(path, { force: true });
  await layout.prune(path);
}
