import { randomBytes } from 'node:crypto';
import { constants } from 'node:fs';
import { type FileHandle, open, readdir, readFile, rename, stat, unlink } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { World } from '../kernel/index.ts';
import { decodeJournal, encodeJournal, type Journal } from './journal.ts';
import { enter, leave, mayLive, type Owner, sameStart } from './owner.ts';

/** The ending of an unfinished file; its journal has `.json` behind it. */
const partSuffix = '.mulligan-part';

/** Where a file will be. */
export interface Target {
  readonly folder: string;
  readonly name: string;
}

/** An unfinished file that belongs to nobody any more. */
export interface Abandoned {
  readonly journalPath: string;
  readonly journal: Journal;
}

/** An unfinished file that is open, and belongs to whoever opened it. */
export interface OpenFiles {
  readonly data: FileHandle;
  readonly dataPath: string;
  readonly log: FileHandle;
  readonly logPath: string;
  readonly logBytes: number;
  /** What was left behind; `undefined` for a new one. */
  readonly left: Journal | undefined;
}

/** A name that nobody else has: two downloads of one file never meet. */
export function newId(): string {
  return randomBytes(4).toString('hex');
}

/** Makes an unfinished file. @param mode of the file, before the umask */
export async function createPart({ folder, name }: Target, id: string, mode: number): Promise<OpenFiles> {
  const dataPath = join(folder, `${name}.${id}${partSuffix}`);
  const logPath = `${dataPath}.json`;
  const data = await open(dataPath, 'wx+', mode);
  try {
    return { data, dataPath, log: await open(logPath, 'wx+', 0o600), logPath, logBytes: 0, left: undefined };
  } catch (error) {
    await data.close();
    await unlink(dataPath);
    throw error;
  }
}

/** Finds what others have left behind of a file, whoever they were. */
export async function findAbandoned(target: Target, me: Owner, nowMs: number): Promise<Abandoned[]> {
  const found = await listParts(target);
  const looks = found.filter((file) => file.endsWith('.json')).map(async (file) => look(join(target.folder, file)));
  const parts = await Promise.all(looks);
  return parts.flatMap((part) => {
    if (part === undefined || mayLive(part.journal.owner, me, nowMs - part.touchedMs)) return [];
    return isNameOf(target, part.journal.part) ? [part] : [];
  });
}

async function listParts(target: Target): Promise<string[]> {
  const files = await readdir(target.folder).catch(() => []);
  return files.filter((file) => isNameOf(target, file.replace(/\.json$/, '')));
}

function isNameOf({ name }: Target, file: string): boolean {
  if (file !== basename(file) || !file.startsWith(`${name}.`) || !file.endsWith(partSuffix)) return false;
  return /^[\da-f]{8}$/.test(file.slice(name.length + 1, -partSuffix.length));
}

async function look(journalPath: string): Promise<(Abandoned & { readonly touchedMs: number }) | undefined> {
  try {
    const [text, { mtimeMs }] = [await readFile(journalPath, 'utf8'), await stat(journalPath)];
    const journal = decodeJournal(text);
    return journal && { journalPath, journal, touchedMs: mtimeMs };
  } catch {
    return undefined;
  }
}

/**
 * Takes over what was left behind; `undefined` when somebody else was faster, or it cannot be used. The journal is
 * renamed, which only one can do, and what it then says of its owner counts: if that is somebody new, it is given back.
 */
export async function claimPart({ folder, name }: Target, part: Abandoned, me: Owner): Promise<OpenFiles | undefined> {
  const { journalPath } = part;
  const logPath = join(folder, `${name}.${me.id}${partSuffix}.json`);
  if (!(await didWork(rename(journalPath, logPath)))) return undefined;
  const found = (await look(logPath))?.journal;
  if (found?.owner.id !== part.journal.owner.id) {
    await didWork(rename(logPath, journalPath));
    return undefined;
  }
  const left = { ...found, owner: me, done: sameStart(found.owner, me) ? found.done : found.synced };
  const log = await open(logPath, 'r+').catch(() => undefined);
  if (log === undefined) return undefined;
  const { size } = await log.stat();
  const logBytes = await writeOver(log, encodeJournal(left), size);
  const dataPath = join(folder, left.part);
  const isMine = await isAt(log, logPath);
  const data = isMine ? await openData(dataPath) : undefined;
  if (data !== undefined) return { data, dataPath, log, logPath, logBytes, left };
  await log.close();
  if (isMine) await removePaths(dataPath, logPath);
  return undefined;
}

/**
 * Writes a text in one go over an older one, whose rest becomes blank: at no moment is there half a journal.
 * @param olderBytes how long the older one is
 * @returns how long this one is
 */
export async function writeOver(file: FileHandle, text: string, olderBytes: number): Promise<number> {
  const length = Buffer.byteLength(text);
  const bytes = Buffer.alloc(Math.max(length, olderBytes), ' ');
  bytes.write(text);
  await file.write(bytes, 0, bytes.length, 0);
  return length;
}

/** Whether a file still has its name: it has not, when somebody else has taken it over meanwhile. */
async function isAt(file: FileHandle, path: string): Promise<boolean> {
  const [mine, there] = await Promise.all([file.stat(), stat(path).catch(() => undefined)]);
  return there?.ino === mine.ino;
}

/** Opens the unfinished file itself. One that has a second name is somebody's finished file, and no place to write. */
async function openData(path: string): Promise<FileHandle | undefined> {
  const data = await open(path, constants.O_RDWR | (constants.O_NOFOLLOW ?? 0)).catch(() => undefined);
  const facts = await data?.stat();
  if (facts?.isFile() === true && facts.nlink === 1) return data;
  await data?.close();
  return undefined;
}

/** What is not known to belong to anybody stays for that long: its owner may only just have made it. */
const orphanMs = 86_400_000;

/** Removes what others have left behind of a file that is now there. Never fails: it is only tidying. */
export async function removeAbandoned(target: Target, world: World): Promise<void> {
  const me = await enter(newId(), world);
  try {
    await inTurn(target, async () => {
      for (const part of await findAbandoned(target, me, world.wallNow())) {
        const files = await claimPart(target, part, me);
        if (files !== undefined) await removeFiles(files);
      }
      await removeOrphans(target, world.wallNow());
    });
  } catch {
    // Whoever comes next will try it again.
  } finally {
    leave(me.id);
  }
}

const turns = new Map<string, Promise<unknown>>();

/** Lets those of this thread who want what was left behind of one file come one after the other. */
export async function inTurn<T>({ folder, name }: Target, work: () => Promise<T>): Promise<T> {
  const key = join(folder, name);
  const before = turns.get(key) ?? Promise.resolve();
  const mine = before.then(work, work);
  turns.set(key, mine);
  try {
    return await mine;
  } finally {
    if (turns.get(key) === mine) turns.delete(key);
  }
}

/** Closes an unfinished file. */
export async function closeFiles({ data, log }: OpenFiles): Promise<void> {
  for (const file of [data, log]) await didWork(file.close());
}

/** Closes and removes an unfinished file. The journal goes last: what it speaks of can be found as long as it is there. */
export async function removeFiles(files: OpenFiles): Promise<void> {
  await closeFiles(files);
  await removePaths(files.dataPath, files.logPath);
}

async function removePaths(...paths: string[]): Promise<void> {
  for (const path of paths) await didWork(unlink(path));
}

/** Removes parts whose journal was never written, or is gone, and journals that cannot be read. */
async function removeOrphans(target: Target, nowMs: number): Promise<void> {
  const known = new Set<string>();
  const files = await listParts(target);
  for (const file of files.filter((name) => name.endsWith('.json'))) {
    const found = await look(join(target.folder, file));
    if (found !== undefined) known.add(file).add(found.journal.part);
  }
  for (const file of files.filter((name) => !known.has(name))) {
    const path = join(target.folder, file);
    const facts = await stat(path).catch(() => undefined);
    if (facts !== undefined && nowMs - facts.mtimeMs > orphanMs) await didWork(unlink(path));
  }
}

async function didWork(work: Promise<unknown>): Promise<boolean> {
  return work.then(
    () => true,
    () => false,
  );
}
