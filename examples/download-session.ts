// A session that downloads, with the lines of Fromager's log, and a download that is stopped.
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
// #region session
import { withDownload } from 'mulligan/download';
import { createRetrySession } from 'mulligan/http';
// #endregion
import { giving } from './support/file.ts';
import { serve } from './support/serve.ts';

const server = await serve(giving(randomBytes(4_000_000), 1));
const { url } = server;
const sdists = await mkdtemp(join(tmpdir(), 'sdists-'));
const lines: string[] = [];
const write = (line: string) => void lines.push(line);
const log = { info: write, warn: write, error: write };

// #region session
const session = withDownload(createRetrySession({ retries: 8 }, '120s', { log }));
await session.download(`${url}/pkg-1.0.tar.gz`, sdists);
// #endregion
for (const line of lines) {
  console.log(
    line
      .replace(url, 'http://…')
      .replace(/\d\.\d seconds/u, '… seconds')
      .replace(sdists, '…'),
  );
}

// #region stop
const stop = new AbortController();
const stopped = session.download(`${url}/big.iso`, sdists, {
  signal: stop.signal,
  onProgress: () => stop.abort(new Error('somebody had enough')),
});
// #endregion
console.log(await stopped.catch((error: unknown) => String(error)));

await server.close();
await rm(sdists, { recursive: true });
