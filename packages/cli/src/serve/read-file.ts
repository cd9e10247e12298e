import { readFileSync } from 'node:fs';
import { UsageError } from '../usage-error.ts';

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  EACCES: 'reading it is not permitted',
  EPERM: 'reading it is not permitted',
  EISDIR: 'it is a folder',
  ENOTDIR: 'a part of its path is not a folder',
};

/** Reads the file that an option names. @throws {UsageError} when it cannot be read */
export function readFileOf(option: string, path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw cannotRead(option, path, error);
  }
}

/** The error for a file that could not be read. */
export function cannotRead(option: string, path: string, error: unknown): UsageError {
  const { code = '', message } = error as NodeJS.ErrnoException;
  return new UsageError(`${option}: ${path} cannot be read: ${reasons[code] ?? message}`);
}
