import { DownloadExistsError, unfinishedOf } from 'mulligan/download';
import { CommandFailure } from '../command-failure.ts';
import { sizeInWords } from './words.ts';

/** What a shell is told of a command that Ctrl-C has ended. */
const interrupted = 130;

/** Says in one sentence why a download has ended without a file, and what is left of it. */
export function failureOf(error: unknown, wasStopped: boolean): CommandFailure {
  if (error instanceof DownloadExistsError) {
    return new CommandFailure(`${error.path} is there already, and is another file; --overwrite replaces it`);
  }
  const what = wasStopped ? 'stopped' : inWords(error);
  const left = unfinishedOf(error);
  if (left === undefined) return new CommandFailure(what, wasStopped ? interrupted : 1);
  const { bytes, totalBytes } = left;
  const ofHowMuch = totalBytes === undefined ? '' : ` of ${sizeInWords(totalBytes)}`;
  const kept = `${sizeInWords(bytes)}${ofHowMuch} are kept, and the same command goes on from there`;
  return new CommandFailure(`${what}; ${kept}`, wasStopped ? interrupted : 1);
}

/** `fetch failed` says nothing; what it was caused by does. */
function inWords(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const cause = error.cause instanceof Error && error.message === 'fetch failed' ? `: ${error.cause.message}` : '';
  return `${error.message}${cause}`.replaceAll(/\?\S+/gu, '?…');
}
