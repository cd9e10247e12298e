import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** The root of the repository, with a slash at the end. */
export const root = fileURLToPath(new URL('..', import.meta.url));

/**
 * Runs a program in the root and keeps what it prints. A signal that ends this process ends the program too.
 *
 * @param {string} program
 * @param {readonly string[]} args
 * @returns {Promise<{ ok: boolean, output: string }>}
 */
function run(program, args) {
  return new Promise((resolve) => {
    const isShellNeeded = process.platform === 'win32' && program === 'npm';
    const child = spawn(program, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'], shell: isShellNeeded });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text) => (output += text));
    }
    const pass = (/** @type {NodeJS.Signals} */ signal) => {
      child.kill(signal);
      process.exit(signal === 'SIGINT' ? 130 : 143);
    };
    process.on('SIGINT', pass).on('SIGTERM', pass);
    const end = (/** @type {boolean} */ ok) => {
      process.off('SIGINT', pass).off('SIGTERM', pass);
      resolve({ ok, output });
    };
    child.on('error', (error) => {
      output += `${error.message}\n`;
      end(false);
    });
    child.on('close', (code) => end(code === 0));
  });
}

/**
 * Runs a script of the repository or of one of its tools.
 *
 * @param {readonly string[]} args
 */
export function runNode(...args) {
  return run(process.execPath, args);
}

/**
 * Runs npm, quiet but for errors. Where npm started this process the same npm runs again.
 *
 * @param {readonly string[]} args
 */
export function runNpm(...args) {
  const script = process.env['npm_execpath'] ?? '';
  const quiet = [...args, '--loglevel=error'];
  return /npm-cli\.c?js$/u.test(script) ? run(process.execPath, [script, ...quiet]) : run('npm', quiet);
}

/**
 * The seconds since a reading of `performance.now()`, as a person reads them.
 *
 * @param {number} startedAtMs
 */
export function secondsSince(startedAtMs) {
  return `${((performance.now() - startedAtMs) / 1000).toFixed(1)} s`;
}
