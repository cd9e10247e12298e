import { Cancellation, TimeoutError } from '../kernel/index.ts';
import { parseIntegrity } from './digest.ts';
import { DownloadExistsError, type DownloadMismatchError } from './error.ts';
import type { Journal } from './journal.ts';
import type { DownloadOptions, DownloadResult, DownloadSource } from './options.ts';
import { Part } from './part.ts';
import { removeAbandoned } from './part-file.ts';
import { place } from './place.ts';
import { type DownloadPlan, planDownload } from './plan.ts';
import { ProgressReporter } from './progress.ts';
import { Sources } from './source.ts';
import { type Destination, findTarget, keepExisting } from './target.ts';
import { transfer } from './transfer.ts';
import { rememberUnfinished } from './unfinished.ts';
import { findMismatch } from './verify.ts';

/**
 * Downloads a file. It comes to stand under its name in one step, and only when it is complete: never a part of it, never
 * a mixture of two versions. A connection that breaks is continued where it broke (`Range` with `If-Range`), by the same
 * call, and by the next one after this process was killed: until then the part waits beside the file's place, as
 * `<name>.<id>.mulligan-part` with a journal. Without a strong `ETag`, or a `Last-Modified` that is a minute old, a
 * download cannot be continued and begins anew.
 *
 * @param source the address, or several of the same file
 * @param pathOrFolder where the file goes; in a folder it is named after the address, percent-decoded
 *
 * @example
 * const { path } = await download('https://example.com/big.iso', 'downloads/', { integrity: 'sha256-…' });
 *
 * @throws {HttpStatusError} when the server refuses, or the attempts end on a status
 * @throws {DownloadMismatchError} when digest or size are wrong, also after beginning anew once
 * @throws {DownloadFileError} at once when the disk is full or the file cannot be written
 * @throws {DownloadExistsError} when there is a file that may not be replaced
 * @throws the error of the last attempt; `unfinishedOf(error)` tells what is left for the next download
 */
export async function download(
  source: DownloadSource,
  pathOrFolder: string,
  options: DownloadOptions = {},
): Promise<DownloadResult> {
  const plan = planDownload(source, options);
  plan.signal?.throwIfAborted();
  const destination = await findTarget(pathOrFolder, plan);
  const kept = await keepExisting(destination.path(), plan);
  if (kept !== undefined) {
    await removeAbandoned(destination.target, plan.world);
    return { path: destination.path(), bytes: kept, isNew: false, resumedFromBytes: 0, attempts: 0 };
  }
  const cancellation = new Cancellation(plan.signal);
  const [{ shown }] = plan.sources;
  const { timeoutMs, world } = plan;
  const expire = (limitMs: number): void => cancellation.abort(new TimeoutError(shown, limitMs, 'call'));
  const timer = timeoutMs === undefined ? undefined : world.setTimer(() => expire(timeoutMs), timeoutMs);
  try {
    return await new Download(plan, destination, cancellation.signal).run();
  } finally {
    timer?.cancel();
    cancellation.close();
  }
}

/** One download, from the opening of its part to the name of its file. */
class Download {
  readonly #plan: DownloadPlan;
  readonly #destination: Destination;
  readonly #signal: AbortSignal;
  readonly #sources: Sources;
  #attempts = 0;

  constructor(plan: DownloadPlan, destination: Destination, signal: AbortSignal) {
    this.#plan = plan;
    this.#destination = destination;
    this.#signal = signal;
    this.#sources = new Sources(plan.sources);
  }

  async run(): Promise<DownloadResult> {
    const part = await this.#open();
    let isDone = false;
    try {
      const resumedFromBytes = part.bytes;
      await this.#fill(part, resumedFromBytes);
      await part.seal(this.#plan.mode);
      const result = await this.#finish(part);
      isDone = true;
      return { ...result, resumedFromBytes, attempts: this.#attempts };
    } catch (error) {
      if (part.isResumable) this.#remember(part, error);
      throw error;
    } finally {
      await this.#close(part, isDone);
    }
  }

  async #open(): Promise<Part> {
    const { sources, mode = 0o666, world } = this.#plan;
    const { target } = this.#destination;
    const canUse = (journal: Journal): boolean => this.#canUse(journal);
    const part = await Part.open({ target, source: sources[0], canUse, mode, world });
    this.#sources.prefer(part.sourceKey);
    return part;
  }

  /** A part of another address is only of use where a digest will tell whether it is the same file. */
  #canUse({ source, representation, done }: Journal): boolean {
    const { isResumable, sources, digest, sizeBytes } = this.#plan;
    if (!isResumable || representation?.validator === undefined || done.length === 0) return false;
    if (sizeBytes !== undefined && representation.total !== sizeBytes) return false;
    return digest !== undefined || sources.some(({ key }) => key === source);
  }

  /** Gets all bytes and looks whether they are right; where not, once more from the first one on. */
  async #fill(part: Part, resumedFromBytes: number): Promise<void> {
    const plan = this.#plan;
    const progress = new ProgressReporter(plan, resumedFromBytes, () => ({
      url: this.#sources.current.shown,
      bytes: part.bytes,
      totalBytes: part.representation?.total,
      attempts: this.#attempts,
    }));
    const context = {
      plan,
      part,
      sources: this.#sources,
      signal: this.#signal,
      onAttempt: () => void this.#attempts++,
      onBytes: () => progress.look(),
    };
    progress.tell();
    await transfer(context);
    if ((await this.#check(part)) !== undefined) {
      await part.begin(undefined, this.#sources.current);
      this.#sources.leave(this.#sources.current, false);
      await transfer(context);
      const mismatch = await this.#check(part);
      if (mismatch !== undefined) {
        await part.begin(undefined, this.#sources.current);
        throw mismatch;
      }
    }
    progress.tell();
  }

  async #check(part: Part): Promise<DownloadMismatchError | undefined> {
    const { total, integrity } = part.representation ?? {};
    const digest = this.#plan.digest ?? (integrity === undefined ? undefined : parseIntegrity(integrity));
    const expectation = { sizeBytes: this.#plan.sizeBytes ?? total, digest };
    return findMismatch(part.data, expectation, this.#plan.sources[0].shown, this.#signal);
  }

  async #finish(part: Part): Promise<Pick<DownloadResult, 'path' | 'bytes' | 'isNew'>> {
    const { existing, log } = this.#plan;
    const path = this.#destination.path(part.representation?.disposition);
    const isNew = await place(part.files.dataPath, path, existing === 'overwrite');
    if (isNew) log?.info?.(`saved ${path}`);
    else if (existing === 'error') throw new DownloadExistsError(path, 'has come into being meanwhile');
    const bytes = isNew ? part.bytes : ((await keepExisting(path, this.#plan)) ?? part.bytes);
    return { path, bytes, isNew };
  }

  #remember(part: Part, error: unknown): void {
    if (!this.#plan.isResumable) return;
    const { dataPath: path } = part.files;
    rememberUnfinished(error, { path, bytes: part.bytes, totalBytes: part.representation?.total });
  }

  /** What is of no use to anybody is removed. */
  async #close(part: Part, isDone: boolean): Promise<void> {
    const isKept = !isDone && this.#plan.isResumable && part.isResumable;
    await part.close(!isKept);
    if (isDone) await removeAbandoned(this.#destination.target, this.#plan.world);
  }
}
