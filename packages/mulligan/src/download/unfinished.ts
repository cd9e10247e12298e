/** What a failed download has left behind, for the next one of the same file to go on with. */
export interface Unfinished {
  /** The unfinished file. */
  readonly path: string;
  readonly bytes: number;
  readonly totalBytes: number | undefined;
}

const left = new WeakMap<object, Unfinished>();

/** What the download that failed with this error has left behind; `undefined`: nothing. */
export function unfinishedOf(error: unknown): Unfinished | undefined {
  return typeof error === 'object' && error !== null ? left.get(error) : undefined;
}

export function rememberUnfinished(error: unknown, unfinished: Unfinished): void {
  if (typeof error === 'object' && error !== null) left.set(error, unfinished);
}
