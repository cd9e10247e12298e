// npm start: makes the checkout ready, then is `mulligan serve`; arguments go there.
import { constants } from 'node:os';
import { fileURLToPath } from 'node:url';
import { ready } from './ready.mjs';

await ready();

// A signal sent to npm alone ends at the shell between npm and this process: losing that parent counts as SIGTERM,
// unless the server has been asked to end anyway.
if (process.env['npm_lifecycle_event'] === 'start') {
  let wasAsked = false;
  for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM'])) {
    process.once(signal, () => {
      wasAsked = true;
      const isStarting = process.listenerCount(signal) === 0;
      if (isStarting) process.exit(128 + constants.signals[signal]);
    });
  }
  const parent = process.ppid;
  const watch = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(watch);
    if (!wasAsked) process.kill(process.pid, 'SIGTERM');
  }, 250).unref();
}

// In this process and not in a child: signals, the exit code and the terminal are the server's own.
const main = new URL('../packages/cli/dist/main.js', import.meta.url);
process.argv.splice(1, 1, fileURLToPath(main), 'serve');
await import(main.href);
