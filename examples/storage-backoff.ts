// Seed 4, the waits and the log: the table of its page, and its lines.
import { virtualWorld } from 'mulligan/testing';
import { shakyStorage, timedOut } from './support/storages.js';

const world = virtualWorld({ seed: 7 });

// #region table
import { calculateDelay } from 'mulligan';

// delay = min(base_delay * exponential_base ** attempt, max_delay)
for (const attempt of [0, 1, 2, 3, 4, 5, 6]) {
  const waitMs = calculateDelay(attempt, { initial: '1s', factor: 2, max: '60s', jitter: 'none' });
  console.log(`attempt ${attempt + 1}: ${waitMs / 1000} s`);
}
// #endregion

const storage = shakyStorage(...Array.from({ length: 4 }, timedOut));
const data = 'hello';

// #region log
import { litestar } from 'mulligan/presets';
import { retry } from 'mulligan/storage';

const log = { warn: console.log, error: console.log };

const uploadFile = retry({ maxRetries: 3, onEvent: litestar.logLines(log), world })(async function upload_file(
  key: string,
) {
  await storage.put(key, data);
});
// #endregion

await world.run(uploadFile('a.txt').catch((error: Error) => console.log(`thrown: ${error.message}`)));
