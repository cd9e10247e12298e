// npm run soak: the soaks of test/soak at full length. Two numbers change it: seconds of traffic, and idle tunnels.
import { ready } from './ready.mjs';

await ready();
const [seconds = '60', tunnels = '5000'] = process.argv.slice(2);
process.env['MULLIGAN_SOAK_SECONDS'] ??= seconds;
process.env['MULLIGAN_SOAK_TUNNELS'] ??= tunnels;
const vitest = new URL('../node_modules/vitest/vitest.mjs', import.meta.url);
process.argv = [process.argv[0] ?? '', vitest.pathname, 'run', '--project', 'soak', '--no-file-parallelism'];
await import(vitest.href);
