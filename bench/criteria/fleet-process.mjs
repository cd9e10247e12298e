// Proxies with faults, and the server behind them, in a process of their own: started by fleet.mjs.
import { Agent, createServer, request as send } from 'node:http';

/** @typedef {import('./fleet.mjs').FleetOptions} FleetOptions */

/**
 * Numbers from 0 to 1, the same for the same seed. Source: mulberry32, Tommy Ettinger.
 *
 * @param {number} seed
 */
function randomFrom(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const agent = new Agent({ keepAlive: true, maxSockets: 2000 });

/** @type {(reply: import('node:http').ServerResponse) => void} */
const reset = (reply) => void reply.socket?.resetAndDestroy();
const answer = (/** @type {number} */ status) => (/** @type {import('node:http').ServerResponse} */ reply) =>
  void reply.writeHead(status).end();

/** What a proxy does instead of its work. */
const faults = [reset, answer(502), answer(503)];

/** @param {import('node:http').RequestListener} respond @returns {Promise<number>} */
function listen(respond) {
  const server = createServer({ keepAliveTimeout: 60_000 }, respond);
  return new Promise((resolve) => {
    server.listen({ port: 0, host: '127.0.0.1', backlog: 2000 }, () => {
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : 0);
    });
  });
}

/** @param {import('node:http').IncomingMessage} request @param {import('node:http').ServerResponse} reply */
function forward({ method, url = '', headers }, reply) {
  const sent = send(url, { method, headers, agent }, (response) => {
    reply.writeHead(response.statusCode ?? 502, response.headers);
    response.pipe(reply);
  });
  sent.on('error', () => reply.destroy());
  sent.end();
}

/** @param {import('node:http').IncomingMessage} request @param {import('node:http').ServerResponse} reply */
const echo = ({ headers }, reply) => void reply.end(String(headers['x-request'] ?? ''));

/** @type {number[]} */
const seen = [];

/** @param {import('./fleet.mjs').ProxySpec} spec @param {number} at */
function startProxy({ seed, failureRate, delayMs = 0, answersItself = false }, at) {
  const random = randomFrom(seed);
  seen[at] = 0;
  return listen((request, reply) => {
    seen[at] = (seen[at] ?? 0) + 1;
    // Two draws for each request, whatever becomes of it: the schedule does not depend on the answers.
    const [luck, kind] = [random(), random()];
    const fault = luck < failureRate ? faults[Math.floor(kind * faults.length)] : undefined;
    const work = fault === undefined ? (answersItself ? echo : forward) : undefined;
    const act = () => (work === undefined ? fault?.(reply) : work(request, reply));
    if (delayMs === 0) act();
    else setTimeout(act, delayMs);
  });
}

/** @param {FleetOptions} options */
async function startAll({ originDelayMs = 0, proxies }) {
  const random = randomFrom(1);
  // A fifth more or less: answers that all come in the same moment are no usual load.
  const delayMs = () => originDelayMs * (0.8 + 0.4 * random());
  const origin = await listen((request, reply) => void setTimeout(() => echo(request, reply), delayMs()));
  process.send?.({ origin, proxies: await Promise.all(proxies.map(startProxy)) });
}

process.on('message', (/** @type {FleetOptions | 'seen'} */ message) => {
  if (message === 'seen') process.send?.(seen);
  else void startAll(message);
});
