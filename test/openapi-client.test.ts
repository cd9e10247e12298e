import { execFile } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, expect, onTestFinished, test } from 'vitest';
import { startServer } from '@mulligan/proxy';
import { readyFolder } from '../scripts/ready.mjs';
import { root } from './support/root.ts';

const run = promisify(execFile);
const folder = join(root, 'test/openapi-client');

/** Runs a program of the folder, and shows what it printed if it fails. */
async function node(...args: string[]): Promise<string> {
  const { stdout } = await run(process.execPath, args, { cwd: folder }).catch((error: unknown) => {
    const { stdout, stderr } = error as { stdout: string; stderr: string };
    throw new Error(`${args.join(' ')}\n${stdout}${stderr}`, { cause: error });
  });
  return stdout;
}

async function started() {
  const server = await startServer({
    rotator: { proxies: ['http://one.example:3128'] },
    gateway: { port: 0 },
    api: { port: 0 },
  });
  return server;
}

/** Makes both clients from the document that a running server serves, and compiles them. */
async function makeClients(): Promise<void> {
  const server = await started();
  const document = await (await fetch(`${server.api}/openapi.json`)).text();
  await server.close();
  for (const name of ['whole', 'types']) mkdirSync(join(folder, 'dist', name), { recursive: true });
  writeFileSync(join(folder, 'dist/openapi.json'), document);
  const whole = ['--path', 'dist/openapi.json', '--output', 'dist/whole', '--name', 'api.ts', '--enum-style', 'union'];
  await Promise.all([
    node('node_modules/swagger-typescript-api/dist/cli.mjs', 'generate', '--silent', ...whole),
    node('node_modules/openapi-typescript/bin/cli.js', 'dist/openapi.json', '--output', 'dist/types/schema.d.ts'),
  ]);
  // The generator asks the compiler not to look at what it made; here it must.
  const client = join(folder, 'dist/whole/api.ts');
  writeFileSync(client, readFileSync(client, 'utf8').replace('// @ts-nocheck', ''));
  await node('node_modules/typescript/bin/tsc', '-p', 'tsconfig.json');
}

beforeAll(async () => {
  const { ok, output } = await readyFolder('test/openapi-client');
  if (!ok) throw new Error(output);
  await makeClients();
}, 300_000);

test.each([
  ['swagger-typescript-api', 'whole-client'],
  ['openapi-typescript and openapi-fetch', 'typed-fetch'],
])('a client by %s compiles strictly, and works', async (_, program) => {
  const server = await started();
  onTestFinished(() => server.close());
  const printed = await node(`dist/compiled/${program}.js`, server.api, server.token ?? '');
  expect(JSON.parse(printed)).toEqual({
    added: { status: 201, id: 'two.example:8080', limit: 5 },
    listed: ['one.example:3128', 'two.example:8080'],
    changed: { condition: 'paused', limit: null },
    policy: { attempts: 5, strategy: 'linear' },
    breaker: 'closed',
    config: { strategy: 'round-robin', failures: 7 },
    points: 0,
    removed: 204,
    unknown: {
      status: 404,
      error: 'PROXY_NOT_FOUND',
      message: 'Proxy not found: two.example:8080',
      details: {},
    },
    invalid: {
      status: 400,
      error: 'VALIDATION_ERROR',
      message: 'Invalid body: max_attempts',
      details: { max_attempts: 'Input should be less than or equal to 10' },
    },
    unauthorized: {
      status: 401,
      error: 'UNAUTHORIZED',
      message: 'Send the token that was printed at the start as X-API-Key',
      details: {},
    },
  });
});

test('what is installed for it is pinned, complete and of no certain host', () => {
  const { packages } = JSON.parse(readFileSync(join(folder, 'package-lock.json'), 'utf8')) as {
    packages: Record<string, { version?: string; integrity?: string; resolved?: string }>;
  };
  const external = Object.entries(packages).filter(([path]) => path !== '');
  expect(external.filter(([, { version, integrity, resolved }]) => !version || !integrity || resolved)).toEqual([]);
});
