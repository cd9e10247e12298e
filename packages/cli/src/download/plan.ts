import { checkNumber, isDuration, show, toMs } from 'mulligan';
import type { DownloadOptions } from 'mulligan/download';
import { UsageError } from '../usage-error.ts';
import type { DownloadFlags } from './flags.ts';

/** What will be downloaded, and where to. */
export interface DownloadCommand {
  readonly source: { readonly urls: readonly string[] };
  readonly path: string;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly options: Omit<DownloadOptions, 'headers'>;
  readonly isQuiet: boolean;
}

/** Decides what is downloaded. @throws {UsageError} or {InvalidOptionError} in a sentence */
export function planCommand(urls: readonly string[], flags: DownloadFlags): DownloadCommand {
  const { output = './', attempts, parallel, timeout, idleTimeout, mode } = flags;
  if (output === '-' || output === '') throw new UsageError('--output must name a file or a folder');
  const integrity = integrityOf(flags);
  return {
    source: { urls },
    path: output,
    headers: (flags.header ?? []).map(readHeader),
    options: {
      existing: flags.overwrite === true ? 'overwrite' : 'keep',
      nameFrom: flags.serverName === true ? 'content-disposition' : 'url',
      resume: flags.resume,
      ...(integrity !== undefined && { integrity }),
      ...(parallel !== undefined && { parallel: wholeNumber('--parallel', parallel, 64) }),
      ...(attempts !== undefined && { retry: wholeNumber('--attempts', attempts) }),
      ...(timeout !== undefined && { timeout: durationOf('--timeout', timeout) }),
      ...(idleTimeout !== undefined && { idleTimeout: durationOf('--idle-timeout', idleTimeout) }),
      ...(mode !== undefined && { mode: modeOf(mode) }),
    },
    isQuiet: flags.quiet ?? false,
  };
}

function integrityOf({ sha256, integrity }: DownloadFlags): string | undefined {
  if (sha256 === undefined) return integrity;
  if (integrity !== undefined) throw new UsageError('--sha256 and --integrity exclude each other');
  if (/^[\da-f]{64}$/iu.test(sha256)) return `sha256-${Buffer.from(sha256, 'hex').toString('base64')}`;
  throw new UsageError(`--sha256 must be 64 hexadecimal digits, got ${show(sha256)}`);
}

/** The value may be a secret: a sentence never shows it. */
function readHeader(line: string): readonly [string, string] {
  const [, name = '', value = ''] = /^\s*([!#$%&'*+.^_`|~\w-]+)\s*:\s*(.*?)\s*$/su.exec(line) ?? [];
  if (name !== '' && !/[\r\n\0]/u.test(value)) return [name, value];
  throw new UsageError("--header must have the form 'Name: value'");
}

function wholeNumber(option: string, given: string, max?: number): number {
  const value = /^\d+$/u.test(given) ? Number(given) : given;
  return checkNumber(option, value, { min: 1, whole: true, ...(max !== undefined && { max }) });
}

function durationOf(option: string, given: string): number {
  // Without a unit nobody knows what is meant.
  const ms = isDuration(given) ? toMs(given) : 0;
  if (ms >= 1) return ms;
  throw new UsageError(`${option} must be a time with its unit, such as 30s or 2m, got ${show(given)}`);
}

function modeOf(given: string): number {
  if (/^[0-7]{3,4}$/u.test(given)) return Number.parseInt(given, 8);
  throw new UsageError(`--mode must be three or four octal digits, such as 644, got ${show(given)}`);
}
