import type { FileHandle } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { Timer, World } from '../kernel/index.ts';
import { onDisk } from './error.ts';
import { encodeJournal, type Journal } from './journal.ts';
import { enter, leave, type Owner, silenceMs } from './owner.ts';
import {
  claimPart,
  closeFiles,
  createPart,
  findAbandoned,
  inTurn,
  newId,
  type OpenFiles,
  removeFiles,
  type Target,
  writeOver,
} from './part-file.ts';
import type { Representation } from './representation.ts';
import type { Source } from './source.ts';
import { addSpan, clipSpans, lengthOf, type Span, type Spans } from './span.ts';

/** What a part is opened for. */
export interface PartRequest {
  readonly target: Target;
  readonly source: Source;
  /** Which of the things left behind may be gone on with. */
  readonly canUse: (journal: Journal) => boolean;
  readonly mode: number;
  readonly world: World;
}

/** How much may be lost by a power cut. */
const syncEveryBytes = 64 * 1024 * 1024;

/** An unfinished file and its journal. It is written by one download at a time. */
export class Part {
  readonly files: OpenFiles;
  readonly #owner: Owner;
  readonly #world: World;
  #source: Pick<Source, 'key' | 'shown'>;
  #representation: Representation | undefined;
  #done: Spans = [];
  #synced: Spans = [];
  #saving: Promise<void> | undefined;
  #isDirty = false;
  #logBytes: number;
  #syncing: Promise<void> | undefined;
  #unsyncedBytes = 0;
  #failure: { readonly error: unknown } | undefined;
  #heart: Timer | undefined;

  private constructor(files: OpenFiles, owner: Owner, { source, world }: PartRequest) {
    this.files = files;
    this.#owner = owner;
    this.#logBytes = files.logBytes;
    this.#world = world;
    this.#source = source;
  }

  /** Goes on with what was left behind, or begins anew. Whoever calls this must also {@link close}. */
  static async open(request: PartRequest): Promise<Part> {
    const { target, world, mode } = request;
    const owner = await enter(newId(), world);
    try {
      const path = join(target.folder, target.name);
      const create = (): Promise<OpenFiles> => createPart(target, owner.id, mode);
      const files = (await inTurn(target, () => takeOver(request, owner))) ?? (await onDisk(path, create));
      const part = new Part(files, owner, request);
      if (files.left !== undefined) await part.#restore(files.left);
      await part.#save();
      part.#beat();
      return part;
    } catch (error) {
      leave(owner.id);
      throw error;
    }
  }

  /** Takes what of the file is there, and safe to build upon. */
  async #restore(left: Journal): Promise<void> {
    const { size } = await this.files.data.stat();
    const { total } = left.representation ?? {};
    // Where all of it is there, nothing would be left to ask for: its last byte proves that it is still the server's file.
    const end = total === undefined ? size : Math.min(size, Math.max(0, total - 1));
    this.#done = clipSpans(left.done, end);
    this.#synced = clipSpans(left.synced, end);
    this.#representation = left.representation;
    this.#source = { key: left.source, shown: left.url };
  }

  get data(): FileHandle {
    return this.files.data;
  }

  get representation(): Representation | undefined {
    return this.#representation;
  }

  /** The key of the address that it comes from. */
  get sourceKey(): string {
    return this.#source.key;
  }

  get done(): Spans {
    return this.#done;
  }

  get bytes(): number {
    return lengthOf(this.#done);
  }

  /** Whether somebody could go on with it later. */
  get isResumable(): boolean {
    return this.#representation?.validator !== undefined && this.#done.length > 0;
  }

  /** Begins anew with another version of the file, or with none yet. Nothing may be writing. */
  async begin(representation: Representation | undefined, source: Source): Promise<void> {
    this.#done = [];
    this.#synced = [];
    this.#representation = representation;
    this.#source = source;
    // First of all the journal forgets what was there, for good: it must never speak of bytes that are others now.
    await this.#save();
    const { data, dataPath, log } = this.files;
    await onDisk(dataPath, async () => {
      const { size } = await data.stat();
      if (size === 0) return;
      await log.datasync();
      await data.truncate(0);
    });
  }

  /** The size has become known. */
  end(total: number): void {
    if (this.#representation !== undefined) this.#representation = { ...this.#representation, total };
  }

  /** Writes bytes at their place. Once this has ended they are counted, and the journal will tell. */
  async write(bytes: Uint8Array, position: number): Promise<void> {
    const { data, dataPath } = this.files;
    await onDisk(dataPath, async () => {
      if (this.#failure !== undefined) throw this.#failure.error;
      for (let from = 0; from < bytes.length;) {
        const { bytesWritten } = await data.write(bytes, from, bytes.length - from, position + from);
        from += bytesWritten;
      }
    });
    this.#mark({ start: position, end: position + bytes.length });
  }

  /** All is written: makes it safe, and gives it its permissions. */
  async seal(mode: number | undefined): Promise<void> {
    const { data, dataPath } = this.files;
    await onDisk(dataPath, async () => {
      await this.#syncing;
      await this.#save();
      await data.sync();
      if (mode !== undefined) await data.chmod(mode);
    });
  }

  /** Ends the writing; what is left can be taken over by others. */
  async close(isRemoved: boolean): Promise<void> {
    this.#heart?.cancel();
    await this.#save().catch(() => {});
    await this.#syncing;
    await (isRemoved ? removeFiles(this.files) : closeFiles(this.files));
    leave(this.#owner.id);
  }

  #mark(span: Span): void {
    this.#done = addSpan(this.#done, span);
    this.#unsyncedBytes += span.end - span.start;
    if (this.#unsyncedBytes >= syncEveryBytes) this.#syncing ??= this.#sync();
    this.#saveSoon();
  }

  async #sync(): Promise<void> {
    this.#unsyncedBytes = 0;
    const [done, representation] = [this.#done, this.#representation];
    await this.#keepFailure(this.data.datasync());
    if (this.#representation === representation) this.#synced = done;
    this.#syncing = undefined;
  }

  /** Writes the journal behind the data. However fast those come, it is written once at a time. */
  #saveSoon(): void {
    this.#isDirty = true;
    this.#saving ??= this.#keepFailure(this.#saveAll());
  }

  /** The journal as it is now is written when this ends. */
  async #save(): Promise<void> {
    this.#saveSoon();
    await this.#saving;
    const failure = this.#failure;
    if (failure !== undefined) await onDisk(this.files.logPath, () => Promise.reject(failure.error));
  }

  async #saveAll(): Promise<void> {
    try {
      while (this.#isDirty) {
        this.#isDirty = false;
        this.#logBytes = await writeOver(this.files.log, this.#journal(), this.#logBytes);
      }
    } finally {
      this.#saving = undefined;
    }
  }

  #journal(): string {
    return encodeJournal({
      owner: this.#owner,
      part: basename(this.files.dataPath),
      source: this.#source.key,
      url: this.#source.shown,
      representation: this.#representation,
      done: this.#done,
      synced: this.#synced,
    });
  }

  async #keepFailure(work: Promise<unknown>): Promise<void> {
    try {
      await work;
    } catch (error) {
      this.#failure ??= { error };
    }
  }

  /** Shows those who cannot ask for the process that it is still there. */
  #beat(): void {
    this.#heart = this.#world.setTimer(() => {
      this.#saveSoon();
      this.#beat();
    }, silenceMs / 4);
    this.#heart.unref();
  }
}

async function takeOver({ target, canUse, world }: PartRequest, me: Owner): Promise<OpenFiles | undefined> {
  const left = await findAbandoned(target, me, world.wallNow());
  const usable = left.filter(({ journal }) => canUse(journal));
  for (const part of usable.sort((a, b) => lengthOf(b.journal.done) - lengthOf(a.journal.done))) {
    const files = await claimPart(target, part, me);
    if (files !== undefined) return files;
  }
  return undefined;
}
