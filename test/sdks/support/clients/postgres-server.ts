import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chown, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { freePort } from '../../../support/listening.ts';

/** A PostgreSQL server of Debian's, in a folder of its own that goes with it. */
export interface PostgresServer {
  readonly port: number;
  close(): Promise<void>;
}

/** PostgreSQL refuses to run as root: then it runs as `nobody`. */
const nobody = 65_534;

/** @param program the path of `postgres`; `initdb` stands beside it */
export async function startPostgres(program: string): Promise<PostgresServer> {
  const folder = await mkdtemp(join(tmpdir(), 'mulligan-postgres-'));
  const user = process.getuid?.() === 0 ? { uid: nobody, gid: nobody } : {};
  if ('uid' in user) await chown(folder, nobody, nobody);
  const data = join(folder, 'data');
  const options = ['--username=test', '--auth=trust', '--no-sync', '--no-locale', '--encoding=UTF8'];
  await promisify(execFile)(join(dirname(program), 'initdb'), [...options, '-D', data], { ...user, cwd: folder });
  const port = await freePort();
  const settings = ['listen_addresses=127.0.0.1', 'unix_socket_directories=', 'fsync=off', 'deadlock_timeout=10ms'];
  const args = ['-D', data, '-p', String(port), ...settings.flatMap((setting) => ['-c', setting])];
  const server = spawn(program, args, { ...user, cwd: folder, stdio: 'ignore' });
  return {
    port,
    async close() {
      const ended = once(server, 'exit');
      server.kill('SIGQUIT');
      await ended;
      await rm(folder, { recursive: true, force: true });
    },
  };
}
