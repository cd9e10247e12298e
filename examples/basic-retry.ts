// Seed 2, quick start: one function that returns a promise and one that blocks, each retried.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
// #region async
import { retry } from 'mulligan';
// #endregion
// #region sync
import { retrySync } from 'mulligan';
// #endregion
// #region async
import { client } from 'mulligan/presets';
// #endregion
import { serve } from './support/serve.ts';

let connections = 0;
const server = await serve((request, reply) => {
  if (++connections < 3) request.socket.destroy();
  else reply.end('{"answer":42}');
});
const url = `${server.url}/data`;

// #region async
const fetchData = retry(client.retryConfig({ maxRetries: 3, initialDelay: '1s' }))(async () => {
  const response = await fetch(url);
  return response.json();
});

// Again after failures of the connection, time-outs and errors of the operating system.
const result = await fetchData();
// #endregion

console.log(`fetched ${JSON.stringify(result)} over connection ${connections}`);
await server.close();

const folder = mkdtempSync(join(tmpdir(), 'mulligan-'));
const path = join(folder, 'settings.json');
// Another program is about to write the file.
const onRetry = (): void => writeFileSync(path, '{"colour":"blue"}');

// #region sync
// The waits block the thread: for scripts and command lines.
const readSettings = retrySync({ ...client.retryConfig({ maxRetries: 3, initialDelay: '0.1s' }), onRetry })(() =>
  readFileSync(path, 'utf8'),
);
const settings = readSettings();
// #endregion

console.log(`read ${settings}`);
rmSync(folder, { recursive: true });
