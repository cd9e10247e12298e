// A file over a line that breaks: continued within a call, by the next call, and from a mirror.
import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
// #region basic
import { download } from 'mulligan/download';
// #endregion
// #region resume
import { unfinishedOf } from 'mulligan/download';
// #endregion
import { giving } from './support/file.ts';
import { answering, serve } from './support/serve.ts';

const content = randomBytes(4_000_000);
const digest = createHash('sha256').update(content).digest('base64');
const server = await serve(giving(content, 2));
const busy = await serve(answering(503));
const { url } = server;
const downloads = await mkdtemp(join(tmpdir(), 'downloads-'));

// #region basic
const result = await download(`${url}/pkg-1.0%2Blocal.tar.gz`, downloads, {
  integrity: `sha256-${digest}`,
  retry: { attempts: 5, backoff: () => 100 },
});
// #endregion
console.log(basename(result.path), result.bytes, `${result.attempts} requests`);

// #region progress
let status = '';
await download(`${url}/big.iso`, downloads, {
  onProgress: ({ bytes, totalBytes, bytesPerSecond, remainingMs, attempts }) => {
    const speed = `${Math.round(bytesPerSecond / 1000)} kB/s, ${Math.ceil((remainingMs ?? 0) / 1000)} s left`;
    status = `${bytes} of ${totalBytes ?? '?'} bytes, ${speed}, request ${attempts}`;
  },
});
// #endregion
console.log(status.replace(/\d+ kB/u, '… kB'));

const flaky = await serve(giving(content, 1));

// #region resume
const path = join(downloads, 'model.bin');
try {
  await download(`${flaky.url}/model.bin`, path, { retry: false });
} catch (error) {
  console.log('kept for the next one:', unfinishedOf(error)?.bytes);
}
const second = await download(`${flaky.url}/model.bin`, path);
// #endregion
console.log('the next one began at', second.resumedFromBytes);

// #region mirrors
const mirrored = await download({ urls: [`${busy.url}/data.zip`, `${url}/data.zip`] }, downloads, {
  integrity: `sha256-${digest}`,
  parallel: 4,
});
// #endregion
console.log(basename(mirrored.path), mirrored.isNew);

// #region existing
const kept = await download(`${url}/data.zip`, downloads);
const replaced = await download(`${url}/data.zip`, downloads, { existing: 'overwrite', mode: 0o644 });
// #endregion
console.log(kept.isNew, replaced.isNew);

for (const one of [server, flaky, busy]) await one.close();
await rm(downloads, { recursive: true });
