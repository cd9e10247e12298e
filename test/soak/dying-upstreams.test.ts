import { createServer } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { setTimeout as pass } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { seededRandom } from 'mulligan/testing';
import { Gateway } from '../../packages/proxy/src/gateway/index.ts';
import { ProxyRotator } from '../../packages/proxy/src/rotator/index.ts';
import { createCertificates } from '../support/certificates.ts';
import { listening } from '../support/listening.ts';
import { memory, sockets } from './memory.ts';
import { type Outcome, plain, secure, socks, stopClients, type Targets } from './traffic.ts';
import { Upstream } from './upstreams.ts';

/** `npm run soak` makes it a minute. */
const seconds = Number(process.env['MULLIGAN_SOAK_SECONDS'] ?? 4);
const seed = Number(process.env['MULLIGAN_SOAK_SEED'] ?? Date.now() % 100_000);
const clients = 12;

/** Origins that count what they are asked for. */
async function startOrigins() {
  const { ca, ...certificates } = createCertificates(['localhost', '127.0.0.1'], Date.now());
  const posts = new Map<string, number>();
  const answer: Parameters<typeof createServer>[1] = (request, reply) => {
    let body = '';
    request.on('data', (chunk) => (body += String(chunk)));
    request.on('end', () => {
      if (request.method === 'POST') posts.set(body, (posts.get(body) ?? 0) + 1);
      reply.end(`hello ${request.url}`);
    });
  };
  const [open, closed] = [
    await listening(createServer(answer)),
    await listening(createTlsServer(certificates, answer)),
  ];
  return { ca, posts, plain: open, secure: closed };
}

/** Kills and starts upstreams at random, but leaves half of them alive. */
async function havoc(upstreams: readonly Upstream[], random: () => number, isOver: () => boolean): Promise<number> {
  let kills = 0;
  const revivals: Promise<void>[] = [];
  while (!isOver()) {
    await pass(100 + 300 * random());
    const alive = upstreams.filter(({ isRunning }) => isRunning);
    const victim = alive[Math.floor(random() * alive.length)];
    if (victim === undefined || alive.length <= upstreams.length / 2) continue;
    kills++;
    await victim.kill();
    revivals.push(pass(100 + 500 * random()).then(() => victim.start()));
  }
  await Promise.all(revivals);
  return kills;
}

test(
  `mixed traffic for ${seconds} s while upstreams are killed: nothing safe fails, nothing leaks (seed ${seed})`,
  { timeout: (seconds + 60) * 1000 },
  async () => {
    const random = seededRandom(seed);
    const origins = await startOrigins();
    const upstreams = await Promise.all([1, 2, 3, 4].map((number) => Upstream.start(number)));
    const rotator = new ProxyRotator({
      proxies: upstreams.map(({ host, port }, i) => `${i % 2 === 0 ? 'http' : 'socks5'}://${host}:${port}`),
      retryPolicy: { maxAttempts: 8, baseDelay: 100, maxBackoffDelay: 1000 },
      // Breakers that have seen so many deaths would refuse what could still be served.
      circuitBreaker: { failures: 1_000_000 },
      budget: null,
    });
    const before = sockets();
    const gateway = new Gateway({ rotator, port: 0 });
    const { port: proxyPort } = await gateway.listen();
    const targets: Targets = { proxyPort, plain: origins.plain.port, secure: origins.secure.port, ca: origins.ca };

    const endMs = performance.now() + seconds * 1000;
    const isOver = (): boolean => performance.now() > endMs;
    const failed: string[] = [];
    const counts = { plain: 0, post: 0, secure: 0, socks: 0, cut: 0, slowestMs: 0 };
    const posted = new Map<string, Outcome>();

    const one = async (id: string): Promise<void> => {
      const kind = (['plain', 'post', 'secure', 'socks'] as const)[Math.floor(random() * 4)] ?? 'plain';
      const path = `/${id}`;
      const ended = await (kind === 'secure'
        ? secure(targets, path)
        : kind === 'socks'
          ? socks(targets, path)
          : plain(targets, path, kind === 'post' ? 'POST' : 'GET'));
      counts[kind]++;
      counts.slowestMs = Math.max(counts.slowestMs, ended.durationMs);
      if (kind === 'post') {
        posted.set(path, ended);
        return;
      }
      if (ended.status === 200 && ended.body === `hello ${path}`) return;
      // A tunnel in which a starved client was silent for a second has been handed over: it cannot be moved any more.
      const isHandedOver = ended.hadBegun || (kind !== 'plain' && ended.durationMs > 1000);
      if (ended.error !== undefined && isHandedOver) counts.cut++;
      else failed.push(`${kind} ${JSON.stringify(ended)}`);
    };
    let settled: ReturnType<typeof memory> | undefined;
    const client = async (number: number): Promise<void> => {
      for (let i = 0; !isOver(); i++) {
        await one(`${number}-${i}`);
        if (number === 0 && settled === undefined && performance.now() > endMs - 0.7 * seconds * 1000)
          settled = memory();
      }
    };
    const [kills] = await Promise.all([
      havoc(upstreams, random, isOver),
      ...Array.from({ length: clients }, (_, number) => client(number)),
    ]);

    const ended = memory();
    stopClients();
    await expect.poll(() => gateway.connections, { timeout: 10_000 }).toBe(0);
    await gateway.close({ within: '5s' });
    await rotator.close();
    for (const upstream of upstreams) await expect.poll(() => upstream.open(), { timeout: 10_000 }).toBe(0);
    await Promise.all(upstreams.map((upstream) => upstream.kill()));
    await Promise.all([origins.plain.close(), origins.secure.close()]);
    await expect.poll(sockets, { timeout: 10_000 }).toBe(before);

    const repeated = [...origins.posts].filter(([, times]) => times > 1);
    const lost = [...posted].filter(([path, { status }]) => status === 200 && origins.posts.get(path) !== 1);
    const grownMiB = (ended.heap - (settled ?? ended).heap) / 2 ** 20;
    process.stdout.write(`seed ${seed}: ${JSON.stringify({ ...counts, kills, grownMiB })}\n`);
    expect(failed.slice(0, 5)).toEqual([]);
    expect({ repeated, lost }).toEqual({ repeated: [], lost: [] });
    expect(
      [...posted.values()].filter(({ status, hadBegun }) => ![0, 200, 502, 504].includes(status) && !hadBegun),
    ).toEqual([]);
    expect(counts.plain * counts.post * counts.secure * counts.socks * kills).toBeGreaterThan(0);
    expect(counts.cut).toBeLessThanOrEqual(kills * clients);
    expect(grownMiB).toBeLessThan(20);
  },
);
