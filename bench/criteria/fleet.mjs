// Real proxies on this machine, whose faults come in an order that a seed decides.
import { fork } from 'node:child_process';

/**
 * @typedef {object} ProxySpec
 * @property {number} seed decides which of its requests fail, and how: the same every time
 * @property {number} failureRate from 0 to 1
 * @property {number} [delayMs] how long it takes over each request
 * @property {boolean} [answersItself] gives the answer itself, without asking the server
 *
 * @typedef {object} FleetOptions
 * @property {number} [originDelayMs] how long the server takes to answer, a fifth more or less
 * @property {readonly ProxySpec[]} proxies
 *
 * @typedef {object} Fleet
 * @property {string} target the server behind the proxies, which answers with the header `x-request`
 * @property {readonly string[]} proxies their URLs
 * @property {() => Promise<readonly number[]>} seen how many requests each has been given
 * @property {() => Promise<void>} close
 */

/**
 * Starts proxies and a server in a process of their own.
 *
 * @param {FleetOptions} options
 * @returns {Promise<Fleet>}
 */
export async function startFleet(options) {
  const child = fork(new URL('fleet-process.mjs', import.meta.url), { execArgv: [] });
  /** @param {FleetOptions | 'seen'} message @returns {Promise<any>} */
  const ask = (message) =>
    new Promise((resolve, reject) => {
      child.once('message', resolve);
      child.once('exit', reject);
      child.send(message);
    });
  /** @type {{ origin: number, proxies: number[] }} */
  const ports = await ask(options);
  const urlOf = (/** @type {number} */ port) => `http://127.0.0.1:${port}`;
  return {
    target: `${urlOf(ports.origin)}/`,
    proxies: ports.proxies.map(urlOf),
    seen: () => ask('seen'),
    close: () =>
      new Promise((resolve) => {
        child.once('exit', () => resolve());
        child.kill();
      }),
  };
}
