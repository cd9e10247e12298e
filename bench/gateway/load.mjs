// The clients of the gateway benchmark, over node:net: an HTTP client of Node would cost more than what it measures.
import { connect } from 'node:net';

/** @typedef {{ via: number, target: number, forMs: number }} Job `via` is the relay's port, or the target's own */

const separator = Buffer.from('\r\n\r\n');

/** @param {number} port @returns {Promise<import('node:net').Socket>} */
function dial(port) {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true }, () => resolve(socket)).once('error', reject);
  });
}

/** @param {Job} job */
const isDirect = ({ via, target }) => via === target;

/** @param {Job} job @param {string} path */
const pathOf = (job, path) => (isDirect(job) ? path : `http://127.0.0.1:${job.target}${path}`);

/** Where a response ends, or -1 while it has not. Both ends of it are known here: no chunks. @param {Buffer} bytes */
function endOfResponse(bytes) {
  const head = bytes.indexOf(separator);
  if (head < 0) return -1;
  const length = /\r\ncontent-length: *(\d+)/iu.exec(bytes.toString('latin1', 0, head))?.[1] ?? 0;
  return bytes.length >= head + 4 + Number(length) ? head + 4 + Number(length) : -1;
}

/** One client after the other on one connection. @param {Job} job @param {{ endsAtMs: number, times: number[] }} run */
async function keepAsking(job, { endsAtMs, times }) {
  const request = `GET ${pathOf(job, '/')} HTTP/1.1\r\nHost: 127.0.0.1:${job.target}\r\nConnection: keep-alive\r\n\r\n`;
  while (performance.now() < endsAtMs) {
    const socket = await dial(job.via);
    await new Promise((resolve) => {
      let held = Buffer.alloc(0);
      let startedAtMs = performance.now();
      socket.on('data', (bytes) => {
        held = held.length === 0 ? bytes : Buffer.concat([held, bytes]);
        const end = endOfResponse(held);
        if (end < 0) return;
        if (held.toString('latin1', 9, 12) !== '200') throw new Error(held.toString('latin1', 0, 200));
        held = held.subarray(end);
        const now = performance.now();
        times.push(now - startedAtMs);
        startedAtMs = now;
        if (now < endsAtMs) socket.write(request);
        else socket.destroy();
      });
      socket
        .on('error', resolve)
        .on('end', () => socket.destroy())
        .on('close', resolve);
      socket.write(request);
    });
  }
}

/** Plain requests by so many clients at once. @param {Job & { clients: number }} job */
export async function plain({ clients, ...job }) {
  const run = { endsAtMs: performance.now() + job.forMs, times: /** @type {number[]} */ ([]) };
  const startedAtMs = performance.now();
  await Promise.all(Array.from({ length: clients }, () => keepAsking(job, run)));
  const times = run.times.toSorted((a, b) => a - b);
  return { count: times.length, ms: performance.now() - startedAtMs, p50Ms: times[times.length >> 1] ?? Number.NaN };
}

/** A connection that leads to the target. @param {Job} job */
export async function tunnel(job) {
  const socket = await dial(job.via);
  if (isDirect(job)) return socket;
  const authority = `127.0.0.1:${job.target}`;
  socket.write(`CONNECT ${authority} HTTP/1.1\r\nHost: ${authority}\r\n\r\n`);
  await new Promise((resolve, reject) => {
    let held = Buffer.alloc(0);
    const onEnd = () => reject(new Error('the relay closed before it answered CONNECT'));
    socket.on('error', reject).on('close', onEnd);
    socket.on('data', function onData(bytes) {
      held = Buffer.concat([held, bytes]);
      if (!held.includes(separator)) return;
      socket.off('data', onData).off('close', onEnd);
      resolve(undefined);
    });
  });
  return socket;
}

/** Tunnel, one request, close: by so many clients at once. @param {Job & { clients: number }} job */
export async function tunnels({ clients, ...job }) {
  const endsAtMs = performance.now() + job.forMs;
  const startedAtMs = performance.now();
  let count = 0;
  const client = async () => {
    while (performance.now() < endsAtMs) {
      const socket = await tunnel(job);
      await new Promise((resolve, reject) => {
        let received = 0;
        socket.on('data', (bytes) => (received += bytes.length)).on('error', reject);
        socket.on('end', () => (received > 128 ? resolve(undefined) : reject(new Error('a tunnel brought nothing'))));
        socket.write(`GET / HTTP/1.1\r\nHost: 127.0.0.1:${job.target}\r\nConnection: close\r\n\r\n`);
      });
      socket.destroy();
      count++;
    }
  };
  await Promise.all(Array.from({ length: clients }, client));
  return { count, ms: performance.now() - startedAtMs };
}

/** Bytes through so many tunnels at once. @param {Job & { clients: number }} job */
export async function bandwidth({ clients, ...job }) {
  const startedAtMs = performance.now();
  let count = 0;
  const sockets = await Promise.all(Array.from({ length: clients }, () => tunnel(job)));
  for (const socket of sockets) {
    socket.on('data', (bytes) => (count += bytes.length));
    socket.write(`GET /flood HTTP/1.1\r\nHost: 127.0.0.1:${job.target}\r\n\r\n`);
  }
  await new Promise((resolve) => setTimeout(resolve, job.forMs));
  for (const socket of sockets) socket.destroy();
  return { count, ms: performance.now() - startedAtMs };
}

/** So many tunnels that stay open until the function that it gives is called. @param {Job & { clients: number }} job */
export async function idle({ clients, ...job }) {
  const sockets = [];
  for (let opened = 0; opened < clients; opened += 100) {
    sockets.push(...(await Promise.all(Array.from({ length: 100 }, () => tunnel(job)))));
  }
  return () => sockets.forEach((socket) => socket.destroy());
}
