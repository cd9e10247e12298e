// npm start: makes the checkout ready, then is `mulligan serve`; arguments go there.
import { fileURLToPath } from 'node:url';
import { ready } from './ready.mjs';

await ready();

// A Ctrl-C in a terminal arrives twice: from the terminal, and from npm, which passes it on. The server takes a second
// one for impatience, so the echo is dropped; a second one typed by a person comes later than that.
const echoMs = 200;
const emit = process.emit.bind(process);
let lastSignalMs = Number.NEGATIVE_INFINITY;
process.emit = function emitOnce(/** @type {any[]} */ ...event) {
  if (event[0] === 'SIGINT' || event[0] === 'SIGTERM') {
    const isEcho = performance.now() - lastSignalMs < echoMs;
    if (isEcho) return true;
    lastSignalMs = performance.now();
  }
  return Reflect.apply(emit, undefined, event);
};

// A signal sent to npm alone ends at the shell between npm and this process: losing that parent counts as SIGTERM.
if (process.env['npm_lifecycle_event'] === 'start') {
  const parent = process.ppid;
  const watch = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(watch);
    if (lastSignalMs === Number.NEGATIVE_INFINITY) process.kill(process.pid, 'SIGTERM');
  }, 250).unref();
}

// In this process and not in a child: signals, the exit code and the terminal are the server's own.
const main = new URL('../packages/cli/dist/main.js', import.meta.url);
process.argv.splice(1, 1, fileURLToPath(main), 'serve');
await import(main.href);
