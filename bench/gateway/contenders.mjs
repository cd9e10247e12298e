// Who relays in the gateway benchmark: our programs and those of Debian, each a process of its own on the first core.
import { fork, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** @typedef {{ name: string, port: number, pid: number, remark?: string }} Relay */

/** @typedef {{ name: string, arguments: string[], settings: (port: number, upstream: number) => string, remark?: string }} Daemon */

const folder = mkdtempSync(join(tmpdir(), 'mulligan-bench-'));
/** @type {import('node:child_process').ChildProcess[]} */
const children = [];

/** A server that only this benchmark uses goes to the core of the load; what is measured has the other to itself. */
const pinned = (/** @type {number} */ core, /** @type {string[]} */ command) =>
  existsSync('/usr/bin/taskset') ? ['taskset', '-c', String(core), ...command] : command;

/**
 * Starts a program of this folder and gives its port.
 *
 * @param {string} file
 * @param {{ core: number, upstream?: number }} options
 * @returns {Promise<{ port: number, pid: number }>}
 */
export function startProgram(file, { core, upstream }) {
  const path = fileURLToPath(new URL(file, import.meta.url));
  const child = fork(path, upstream === undefined ? [] : [String(upstream)], { stdio: 'inherit' });
  children.push(child);
  const pid = child.pid ?? 0;
  if (existsSync('/usr/bin/taskset')) spawn('taskset', ['-acp', String(core), String(pid)], { stdio: 'ignore' });
  return new Promise((resolve, reject) => {
    child.once('message', (message) => {
      resolve({ port: Number(Reflect.get(Object(message), 'port')), pid });
    });
    child.once('exit', (code) => reject(new Error(`${file} ended with ${code} before it listened`)));
  });
}

/** @type {Record<string, Daemon>} */
const daemons = {
  haproxy: {
    name: 'HAProxy, to an upstream',
    remark: 'passes CONNECT on',
    arguments: ['-db', '-f'],
    settings: (port, upstream) => `
global
  nbthread 1
  maxconn 8000
defaults
  mode http
  http-reuse always
  timeout connect 3s
  timeout client 60s
  timeout server 60s
  timeout tunnel 60s
frontend in
  bind 127.0.0.1:${port}
  default_backend out
backend out
  server upstream 127.0.0.1:${upstream}
`,
  },
  squid: {
    name: 'Squid, to an upstream',
    arguments: ['-N', '-f'],
    settings: (port, upstream) => `
http_port 127.0.0.1:${port}
cache_peer 127.0.0.1 parent ${upstream} 0 no-query default
never_direct allow all
http_access allow all
cache deny all
access_log none
cache_log /dev/null
cache_store_log none
pid_filename none
pinger_enable off
icp_port 0
shutdown_lifetime 0 seconds
max_filedescriptors 20000
via off
`,
  },
  tinyproxy: {
    name: 'tinyproxy, to an upstream',
    remark: 'closes after each plain request',
    arguments: ['-d', '-c'],
    settings: (port, upstream) => `
Port ${port}
Listen 127.0.0.1
Upstream http 127.0.0.1:${upstream}
MaxClients 3000
Timeout 60
LogLevel Critical
LogFile "/dev/null"
`,
  },
};

/** @param {string} program */
const pathOf = (program) =>
  ['/usr/sbin', '/usr/bin', '/usr/local/sbin'].map((at) => `${at}/${program}`).find(existsSync);

/** @returns {Promise<number>} */
function freePort() {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' ? (address?.port ?? 0) : 0));
    });
  });
}

/** @param {number} port @param {import('node:child_process').ChildProcess} child */
async function untilListening(port, child) {
  for (;;) {
    if (child.exitCode !== null) throw new Error(`${child.spawnargs.join(' ')} ended with ${child.exitCode}`);
    const isOpen = await new Promise((resolve) => {
      const socket = connect(port, '127.0.0.1', () => resolve(true)).on('error', () => resolve(false));
      socket.on('connect', () => socket.destroy());
    });
    if (isOpen) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** @param {string} program @param {string} path @param {number} upstream @returns {Promise<Relay>} */
async function startDaemon(program, path, upstream) {
  const daemon = daemons[program];
  if (daemon === undefined) throw new Error(`there is no daemon ${program}`);
  const port = await freePort();
  const file = join(folder, `${program}.conf`);
  writeFileSync(file, daemon.settings(port, upstream));
  const [command = path, ...args] = pinned(0, [path, ...daemon.arguments, file]);
  const child = spawn(command, args, { stdio: 'ignore' });
  children.push(child);
  await untilListening(port, child);
  return { name: daemon.name, port, pid: child.pid ?? 0, ...(daemon.remark && { remark: daemon.remark }) };
}

/** @param {number} upstream @returns {Promise<Relay[]>} */
export async function startRelays(upstream) {
  const ours = [
    { name: 'mulligan, to an upstream', file: './mulligan.mjs', upstream },
    { name: 'bare Node relay, to an upstream', file: './bare-relay.mjs', upstream },
    { name: 'proxy-chain, to an upstream', file: './proxy-chain.mjs', upstream },
    { name: 'mulligan, direct', file: './mulligan.mjs' },
    { name: 'bare Node relay, direct', file: './bare-relay.mjs' },
    { name: 'proxy-chain, direct', file: './proxy-chain.mjs' },
  ];
  const relays = [];
  for (const { name, file, ...rest } of ours) {
    relays.push({ name, ...(await startProgram(file, { core: 0, ...rest })) });
  }
  for (const program of Object.keys(daemons)) {
    const path = pathOf(program);
    if (path === undefined) console.error(`${program} is not installed, so it is not measured`);
    else relays.push(await startDaemon(program, path, upstream));
  }
  return relays;
}

export function stopAll() {
  for (const child of children) child.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
}

/** What a process has used and holds, from /proc; nothing elsewhere. @param {number} pid */
export function usageOf(pid) {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
    const kilobytes = /VmRSS:\s+(\d+)/u.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    return { cpuMs: (Number(fields[11]) + Number(fields[12])) * 10, bytes: Number(kilobytes) * 1024 };
  } catch {
    return { cpuMs: Number.NaN, bytes: Number.NaN };
  }
}
