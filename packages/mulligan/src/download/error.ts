import { formatMs, MulliganError } from '../kernel/index.ts';

/** Nothing has come for longer than `idleTimeout`. Another attempt goes on where this one ended. */
export class DownloadStalledError extends MulliganError {
  override name = 'DownloadStalledError';

  constructor(name: string, idleMs: number) {
    super('MULLIGAN_DOWNLOAD_STALLED', `${name}: nothing was received for ${formatMs(idleMs)}`);
  }
}

/** A server sent something else than it was asked for, or less of it. */
export class DownloadBrokenError extends MulliganError {
  override name = 'DownloadBrokenError';

  constructor(name: string, what: string) {
    super('MULLIGAN_DOWNLOAD_BROKEN', `${name}: the server sent ${what}`);
  }
}

/** What was downloaded is not what was asked for. Nothing of it is left. */
export class DownloadMismatchError extends MulliganError {
  override name = 'DownloadMismatchError';
  /** What it should have been: a digest in the form of Subresource Integrity, or a number of bytes. */
  readonly expected: string | number;
  /** What it is. */
  readonly actual: string | number;

  constructor(name: string, expected: string | number, actual: string | number) {
    const [wanted, got] = [expected, actual].map((value) => (typeof value === 'number' ? `${value} bytes` : value));
    super(
      'MULLIGAN_DOWNLOAD_MISMATCH',
      `${name}: this is not the file that was asked for: ${got} in place of ${wanted}`,
    );
    this.expected = expected;
    this.actual = actual;
  }
}

/** There is a file already, and the options say that there must not be, or that it must be another. */
export class DownloadExistsError extends MulliganError {
  override name = 'DownloadExistsError';
  readonly path: string;

  constructor(path: string, why: string) {
    super('MULLIGAN_DOWNLOAD_EXISTS', `${path} ${why}`);
    this.path = path;
  }
}

const reasons: Readonly<Record<string, string>> = {
  ENOSPC: 'the disk is full',
  EDQUOT: 'the quota of the disk is used up',
  EFBIG: 'the file is too large for the file system, or for a limit of this process',
  EROFS: 'the file system is read-only',
  EACCES: 'it is not permitted',
  EPERM: 'it is not permitted',
  ENOENT: 'there is no such folder',
  ENOTDIR: 'a part of the path is not a folder',
  EISDIR: 'it is a folder',
  ENAMETOOLONG: 'the name is too long',
  EIO: 'the disk has failed',
  EMFILE: 'this process has too many files open',
  ENFILE: 'the machine has too many files open',
};

/** The file itself cannot be read or written, such as on a full disk. No attempt betters that. `cause` is the system's error. */
export class DownloadFileError extends MulliganError {
  override name = 'DownloadFileError';
  readonly path: string;
  /** The system's code, such as `ENOSPC`. */
  readonly errno: string;

  constructor(path: string, cause: unknown) {
    const { code = '', message } = cause as NodeJS.ErrnoException;
    super('MULLIGAN_DOWNLOAD_FILE', `${path} cannot be read or written: ${reasons[code] ?? message}`, { cause });
    this.path = path;
    this.errno = code;
  }
}

/** Runs what touches files; whatever it fails with is a {@link DownloadFileError}. */
export async function onDisk<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw error instanceof MulliganError ? error : new DownloadFileError(path, error);
  }
}
