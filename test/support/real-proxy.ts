import { chmodSync, existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Server } from 'proxy-chain';
import { freePort } from './listening.ts';
import { startProgram } from './started-program.ts';

/** A proxy of somebody else's make, running. */
export interface RealProxy {
  /** With its credentials, where it asks for some. */
  readonly url: string;
  close(): Promise<void>;
}

/** How a proxy is to be started. */
export interface RealProxyPlan {
  /** The program; proxy-chain, which runs in the test itself, has none. */
  readonly program: string;
  /** Where it goes out from: an address of the loopback interface, by which the target knows it. */
  readonly from: string;
  /** Ports that tunnels may go to. */
  readonly connectPorts: readonly number[];
}

/** A make of proxies. */
export interface ProxyMake {
  readonly name: string;
  /** The programs that it may be called by, without any it always runs. */
  readonly programs: readonly string[];
  readonly hasCredentials: boolean;
  start(plan: RealProxyPlan): Promise<RealProxy>;
}

// Letters, digits, - and _ are all that every make can take.
const [username, password] = ['user', 'a-pass_word'];
const credentials = `${username}:${password}`;

/** The makes that the tests know; on Debian the programs are packages of these names, and danted is dante-server's. */
export const proxyMakes: readonly ProxyMake[] = [
  { name: 'proxy-chain', programs: [], hasCredentials: true, start: startProxyChain },
  { name: 'tinyproxy', programs: ['tinyproxy'], hasCredentials: true, start: startTinyproxy },
  { name: 'squid', programs: ['squid'], hasCredentials: true, start: startSquid },
  { name: 'microsocks', programs: ['microsocks'], hasCredentials: true, start: startMicrosocks },
  // Its passwords are those of the machine's own users.
  { name: 'dante', programs: ['danted', 'sockd'], hasCredentials: false, start: startDante },
];

async function startProxyChain({ from }: RealProxyPlan): Promise<RealProxy> {
  const server = new Server({
    host: '127.0.0.1',
    port: 0,
    prepareRequestFunction: (request) => ({
      requestAuthentication: request.username !== username || request.password !== password,
      localAddress: from,
    }),
  });
  await server.listen();
  return { url: `http://${credentials}@127.0.0.1:${server.port}`, close: () => server.close(true) };
}

/** Starts a program that reads these lines from a file; some hand their rights to a user who must be able to read it. */
async function startConfigured(
  { program }: RealProxyPlan,
  { args, port, files }: { args: (folder: string) => string[]; port: number; files: Record<string, string[]> },
): Promise<() => Promise<void>> {
  const folder = mkdtempSync(join(tmpdir(), 'mulligan-proxy-'));
  chmodSync(folder, 0o755);
  for (const [name, lines] of Object.entries(files)) {
    writeFileSync(join(folder, name), `${lines.join('\n').replaceAll('FOLDER', folder)}\n`, { mode: 0o755 });
  }
  const remove = (): void => rmSync(folder, { recursive: true, force: true });
  try {
    const started = await startProgram(program, args(folder), port);
    return async () => {
      await started.close();
      remove();
    };
  } catch (error) {
    remove();
    throw error;
  }
}

async function startTinyproxy(plan: RealProxyPlan): Promise<RealProxy> {
  const port = await freePort();
  const config = [
    `Port ${port}`,
    'Listen 127.0.0.1',
    `Bind ${plan.from}`,
    'MaxClients 100',
    'Timeout 60',
    `BasicAuth ${username} ${password}`,
    ...plan.connectPorts.map((allowed) => `ConnectPort ${allowed}`),
  ];
  const args = (folder: string): string[] => ['-d', '-c', `${folder}/tinyproxy.conf`];
  const close = await startConfigured(plan, { args, port, files: { 'tinyproxy.conf': config } });
  return { url: `http://${credentials}@127.0.0.1:${port}`, close };
}

async function startSquid(plan: RealProxyPlan): Promise<RealProxy> {
  const port = await freePort();
  const config = [
    `http_port 127.0.0.1:${port}`,
    `tcp_outgoing_address ${plan.from}`,
    'auth_param basic program FOLDER/helper',
    'auth_param basic children 1',
    'acl known proxy_auth REQUIRED',
    'http_access allow known',
    'http_access deny all',
    'cache deny all',
    'cache_mem 1 MB',
    'icp_port 0',
    'pinger_enable off',
    'shutdown_lifetime 0 seconds',
    'access_log none',
    'cache_log /dev/null',
    'pid_filename none',
    'coredump_dir FOLDER',
  ];
  const isKnown = `[ "$given" = '${username} ${password}' ]`;
  const helper = ['#!/bin/sh', `while read -r given; do ${isKnown} && echo OK || echo ERR; done`];
  const service = `mulligan${port}`;
  const args = (folder: string): string[] => ['-N', '-n', service, '-f', `${folder}/squid.conf`];
  const end = await startConfigured(plan, { args, port, files: { 'squid.conf': config, helper } });
  const close = async (): Promise<void> => {
    await end();
    removeSharedMemory(service);
  };
  return { url: `http://${credentials}@127.0.0.1:${port}`, close };
}

/** A Squid that is killed leaves it behind. */
function removeSharedMemory(service: string): void {
  const folder = '/dev/shm';
  const names = existsSync(folder) ? readdirSync(folder) : [];
  for (const name of names) if (name.startsWith(`${service}-`)) rmSync(join(folder, name), { force: true });
}

async function startMicrosocks({ program, from }: RealProxyPlan): Promise<RealProxy> {
  const port = await freePort();
  const args = ['-i', '127.0.0.1', '-p', String(port), '-u', username, '-P', password, '-b', from];
  const started = await startProgram(program, args, port);
  return { url: `socks5h://${credentials}@127.0.0.1:${port}`, close: () => started.close() };
}

async function startDante(plan: RealProxyPlan): Promise<RealProxy> {
  const port = await freePort();
  const config = [
    'logoutput: /dev/null',
    `internal: 127.0.0.1 port = ${port}`,
    `external: ${plan.from}`,
    'clientmethod: none',
    'socksmethod: none',
    'client pass { from: 127.0.0.0/8 to: 127.0.0.0/8 }',
    'socks pass { from: 127.0.0.0/8 to: 0.0.0.0/0 command: connect }',
  ];
  const args = (folder: string): string[] => ['-f', `${folder}/danted.conf`];
  const close = await startConfigured(plan, { args, port, files: { 'danted.conf': config } });
  return { url: `socks5://127.0.0.1:${port}`, close };
}
