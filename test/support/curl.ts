import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** What curl printed, and how it ended. */
export interface CurlResult {
  /** curl's exit code; 0 is success. */
  readonly code: number;
  /** The status of the last answer, 0 for none. */
  readonly status: number;
  readonly body: string;
}

/** Runs curl, with nothing of the environment that could name another proxy. */
export async function curl(...args: string[]): Promise<CurlResult> {
  const all = ['-q', '-sS', '--max-time', '20', '-w', '\n%{http_code}', ...args];
  const { code = 0, stdout } = (await run('curl', all, { env: { PATH: process.env['PATH'] } }).catch(
    (error: unknown) => error as { code: number; stdout: string },
  )) as { code?: number; stdout: string };
  const cut = stdout.lastIndexOf('\n');
  return { code, status: Number(stdout.slice(cut + 1)), body: stdout.slice(0, Math.max(cut, 0)) };
}
