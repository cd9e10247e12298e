// npm test: makes the checkout ready, then runs the tests; arguments go to vitest.
import { ready, readyFolder } from './ready.mjs';

await ready();
const sdks = await readyFolder('test/sdks');
if (!sdks.ok) {
  process.stderr.write(sdks.output);
  process.exit(1);
}
const vitest = new URL('../node_modules/vitest/vitest.mjs', import.meta.url);
process.argv.splice(1, 1, vitest.pathname, 'run');
await import(vitest.href);
