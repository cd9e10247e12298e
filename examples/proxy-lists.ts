// Proxies from lists: text, CSV, JSON, files and URLs; and how they are changed while requests run.
// #region load
import { ProxyRotator } from '@mulligan/proxy';
// #endregion
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
// #region watch
import { watchProxies } from '@mulligan/proxy';
// #endregion

// #region load
const rotator = new ProxyRotator({ proxies: ['http://alice:secret@proxy1.example.com:8080'] });
const { pool } = rotator;

// One URL a line, comma-separated values under a header, or JSON: which of them, is found out.
const report = pool.load(`
  socks5://proxy2.example.com      # port 1080
  proxy3.example.com:8080:bob:hunter2
  not a proxy
`);
pool.load('url,region,tags\nhttps://proxy4.example.com,EU,fast residential\n');
pool.load('{ "proxies": [{ "url": "http://proxy5.example.com:3128", "max_concurrent": 10 }] }');

console.log(`${report.added.length} added`);
for (const { place, message } of report.problems) console.log(`${place}: ${message}`);
// #endregion

// #region change
rotator.addProxy({ url: 'http://proxy6.example.com:8080', region: 'US', weight: 2, cost: 0.5, ratePerSecond: 20 });
pool.update('proxy6.example.com:8080', { ratePerSecond: 5, maxConcurrent: 3, paused: true });
rotator.removeProxy('proxy3.example.com:8080');

// Without credentials, unless you ask for them.
console.log(pool.export({ format: 'text' }).trimEnd());
// #endregion

const folder = await mkdtemp(join(tmpdir(), 'mulligan-'));
const file = join(folder, 'proxies.txt');
await writeFile(file, 'http://proxy7.example.com:8080\n');

// #region watch
// A file or a URL. Its changes are followed: what leaves the list leaves the pool, and everything else stays.
const watched = await watchProxies(pool, file, { interval: '10s' });
// #endregion

await writeFile(file, 'http://proxy8.example.com:8080\nhttp://proxy9.example.com:8080\n');
const changes = await watched.refresh();
console.log(`${changes?.added.length} came, ${changes?.removed.length} went`);
watched.close();
await rm(folder, { recursive: true });
await rotator.close();
