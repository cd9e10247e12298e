import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { connect } from 'node:net';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { startListening } from './demo/listening.ts';
import { requestThrough } from './demo/request-through.ts';

// Starting processes takes its time where many do so at once.
vi.setConfig({ testTimeout: 60_000 });
const patient = { timeout: 30_000, interval: 20 };

// The command as a user runs it: what the build has made, in a process of its own.
const main = fileURLToPath(new URL('../dist/main.js', import.meta.url));

interface Command {
  readonly process: ChildProcess;
  readonly stdout: string[];
  readonly stderr: string[];
  /** The code and, where one ended it, the signal. */
  readonly ended: Promise<unknown[]>;
}

function run(args: readonly string[], env: Record<string, string> = {}): Command {
  const { MULLIGAN_API_KEY: _, ...inherited } = process.env;
  const child = spawn(process.execPath, [main, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...inherited, ...env },
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  const stdout: string[] = [];
  const stderr: string[] = [];
  createInterface(child.stdout).on('line', (line) => stdout.push(line));
  createInterface(child.stderr).on('line', (line) => stderr.push(line));
  return { process: child, stdout, stderr, ended: once(child, 'close') };
}

interface Served {
  readonly gateway: string;
  readonly api: string;
  readonly token: string | null;
  readonly demo: { http: string; https: string; ca: string };
}

/** Runs `serve` and waits for its line of JSON. */
async function serve(...args: string[]): Promise<{ command: Command; served: Served }> {
  const command = run(['serve', '--json', '--port', '0', '--api-port', '0', ...args]);
  const isOver = (): boolean => command.stdout.length > 0 || command.process.exitCode !== null;
  await expect.poll(isOver, patient).toBe(true);
  expect(command.stderr).toEqual([]);
  return { command, served: JSON.parse(command.stdout.join('')) as Served };
}

const portOf = (url: string): number => Number(new URL(url).port);

async function refuses(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1');
  try {
    await once(socket, 'connect');
    socket.destroy();
    return false;
  } catch {
    return true;
  }
}

describe('what needs no server', () => {
  test('--version prints the version of the package', async () => {
    const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
      version: string;
    };
    const { ended, stdout } = run(['--version']);
    expect(await ended).toEqual([0, null]);
    expect(stdout).toEqual([version]);
  });

  test.each([[['--help']], [['serve', '--help']], [['help', 'serve']]])(
    '%j prints help with an example',
    async (args) => {
      const { ended, stdout, stderr } = run(args);
      expect(await ended).toEqual([0, null]);
      expect(stdout.join('\n')).toMatch(/^Usage: mulligan[^]*Example[^]*mulligan serve/);
      expect(stderr).toEqual([]);
    },
  );

  test('without a command the help goes to stderr', async () => {
    const { ended, stdout, stderr } = run([]);
    expect(await ended).toEqual([2, null]);
    expect(stdout).toEqual([]);
    expect(stderr.join('\n')).toContain('Usage: mulligan');
  });

  test.each([
    [['serv'], "mulligan: unknown command 'serv' (Did you mean serve?)"],
    [['serve', '--prot', '1'], "mulligan: unknown option '--prot' (Did you mean --port?)"],
    [['serve', '--port'], "mulligan: option '--port <port>' argument missing"],
    [['serve', 'now'], "mulligan: too many arguments for 'serve'. Expected 0 arguments but got 1."],
    [['serve', '--port', 'x'], 'mulligan: --port must be a whole number from 0 to 65535, got "x"'],
    [['serve', '--attempts', '11'], 'mulligan: --attempts must be a whole number from 1 to 10, got 11'],
    [
      ['serve', '--proxy', 'http://u:s3cret@h:x'],
      'mulligan: --proxy: the port of a proxy must be a whole number from 1 to 65535, got "http://***@h:x"',
    ],
    [['serve', '--proxies', '/no/such'], 'mulligan: --proxies: /no/such cannot be read: there is no such file'],
    [['serve', '--config', '/'], 'mulligan: --config: / cannot be read: it is a folder'],
  ])('%j is answered in one sentence, with exit code 2', async (args, sentence) => {
    const { ended, stdout, stderr } = run(args);
    expect(await ended).toEqual([2, null]);
    expect(stderr).toEqual([sentence]);
    expect(stdout).toEqual([]);
  });
});

describe('serve', () => {
  test.each(['--port', '--api-port'])('%s in use is answered in one sentence, with exit code 2', async (option) => {
    const server = createServer();
    const port = await startListening(server);
    onTestFinished(() => void server.close());
    const others = option === '--port' ? ['--api-port', '0'] : ['--port', '0'];
    const { ended, stdout, stderr } = run(['serve', '--direct', option, String(port), ...others]);
    expect(await ended).toEqual([2, null]);
    expect(stderr).toEqual([
      expect.stringMatching(
        new RegExp(`^mulligan: The .* cannot listen on 127\\.0\\.0\\.1:${port}: the port is in use; .*--port`),
      ),
    ]);
    expect(stdout).toEqual([]);
  });

  test('a request that runs at Ctrl-C gets its answer; then the process ends with exit code 0', async () => {
    const origin = createServer();
    const target = `http://127.0.0.1:${await startListening(origin)}/`;
    onTestFinished(() => void origin.close());
    const { command, served } = await serve('--direct');
    const answer = requestThrough(
      { method: 'GET', url: target },
      { gateway: served.gateway, ca: '', signal: new AbortController().signal },
    );
    const [, response] = (await once(origin, 'request')) as [IncomingMessage, ServerResponse];
    command.process.kill('SIGINT');
    await expect.poll(() => refuses(portOf(served.gateway)), patient).toBe(true);
    response.end('late');
    await expect(answer).resolves.toBe(200);
    expect(await command.ended).toEqual([0, null]);
    expect(command.stdout).toHaveLength(1);
    expect(command.stderr).toEqual([]);
  });

  test('with --no-auth the settings can be changed by whoever reaches them; otherwise the token is needed', async () => {
    const change = (api: string, key?: string): Promise<Response> =>
      fetch(`${api}/api/v1/retry/policy`, {
        method: 'PUT',
        headers: { 'content-type': 'application/json', ...(key === undefined ? {} : { 'x-api-key': key }) },
        body: JSON.stringify({ max_attempts: 5 }),
      });
    const { served: open } = await serve('--direct', '--no-auth');
    expect(open.token).toBe(null);
    expect((await change(open.api)).status).toBe(200);
    const { served: closed } = await serve('--direct');
    expect((await change(closed.api)).status).toBe(401);
    expect((await change(closed.api, closed.token ?? '')).status).toBe(200);
  });

  test('the block for a person names the three addresses and hides a token of the environment', async () => {
    const command = run(['serve', '--direct', '--port', '0', '--api-port', '0'], { MULLIGAN_API_KEY: 's3cret' });
    await expect.poll(() => command.stdout.join('\n'), patient).toContain('Try it');
    const block = command.stdout.join('\n');
    expect(block).toMatch(
      /Gateway +http:\/\/127\.0\.0\.1:\d+\n +REST API +http:\S+\/api\/v1\n +Dashboard +http:\S+#token=\$MULLIGAN_API_KEY\n/,
    );
    expect(block).not.toContain('s3cret');
    const [, api = ''] = /REST API +(\S+)/.exec(block) ?? [];
    const reset = (token: string): Promise<Response> =>
      fetch(`${api}/circuit-breakers/none/reset`, { method: 'POST', headers: { 'x-api-key': token } });
    expect((await reset('s3cret')).status).toBe(404);
    expect((await reset('wrong')).status).toBe(401);
  });
});

describe('the demonstration', () => {
  interface Seen {
    readonly circuit_breakers: readonly { proxy_id: string; state: string }[];
    readonly success_by_attempt: Readonly<Record<string, number>>;
    readonly proxies: readonly { url: string }[];
  }
  const ask = async (api: string, path: string): Promise<Seen> =>
    (await fetch(`${api}/api/v1/${path}`)).json() as Promise<Seen>;

  test('of 200 requests at least 199 succeed although most proxies are faulty, and nothing is left behind', async () => {
    const { command, served } = await serve();
    const { gateway, api, demo } = served;
    const ca = readFileSync(demo.ca, 'utf8');
    const urls = Array.from({ length: 200 }, (_, index) => `${index % 2 === 0 ? demo.http : demo.https}/json`);
    const statuses: (number | string)[] = [];
    const worker = async (): Promise<void> => {
      for (let url = urls.pop(); url !== undefined; url = urls.pop()) {
        statuses.push(
          await requestThrough({ method: 'GET', url }, { gateway, ca, signal: new AbortController().signal }).catch(
            String,
          ),
        );
      }
    };
    await Promise.all(Array.from({ length: 8 }, worker));
    expect(statuses).toHaveLength(200);
    expect(statuses.filter((status) => status === 200).length, statuses.join(' ')).toBeGreaterThanOrEqual(199);

    const { success_by_attempt: byAttempt } = await ask(api, 'metrics/retries');
    const afterFailover = Object.entries(byAttempt).filter(([retries]) => retries !== '0');
    expect(afterFailover.reduce((sum, [, count]) => sum + count, 0)).toBeGreaterThan(0);
    const openBreakers = async (): Promise<string[]> =>
      (await ask(api, 'circuit-breakers')).circuit_breakers
        .filter(({ state }) => state === 'open')
        .map(({ proxy_id: id }) => id);
    await expect.poll(openBreakers, patient).toContain('absent');

    const ports = (await ask(api, 'proxies')).proxies.map(({ url }) => portOf(url));
    expect(ports).toHaveLength(7);
    command.process.kill('SIGINT');
    expect(await command.ended).toEqual([0, null]);
    expect(command.stderr).toEqual([]);
    for (const port of [...ports, portOf(demo.http), portOf(demo.https)]) expect(await refuses(port)).toBe(true);
    expect(existsSync(demo.ca)).toBe(false);
  });

  test('its processes do not outlive a command that is killed', async () => {
    const { command, served } = await serve('--demo');
    const ports = (await ask(served.api, 'proxies')).proxies.map(({ url }) => portOf(url));
    command.process.kill('SIGKILL');
    expect(await command.ended).toEqual([null, 'SIGKILL']);
    for (const port of [...ports, portOf(served.demo.http), portOf(served.demo.https)]) {
      await expect.poll(() => refuses(port), patient).toBe(true);
    }
    await expect.poll(() => existsSync(served.demo.ca), patient).toBe(false);
  });

  test('it can be ended while it is still starting', async () => {
    const command = run(['serve', '--port', '0', '--api-port', '0', '--verbose']);
    await expect.poll(() => command.stderr, patient).toEqual(['The demonstration is starting.']);
    command.process.kill('SIGTERM');
    expect(await command.ended).toEqual([0, null]);
    expect(command.stdout).toEqual([]);
    expect(command.stderr).toHaveLength(1);
  });
});
