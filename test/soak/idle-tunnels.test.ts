import { execFileSync, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { Gateway } from '../../packages/proxy/src/gateway/index.ts';
import { ProxyRotator } from '../../packages/proxy/src/rotator/index.ts';
import { memory, sockets } from './memory.ts';
import { Upstream } from './upstreams.ts';

const script = fileURLToPath(new URL('tunnels.mjs', import.meta.url));

/** `npm run soak` asks for 5000; each takes two descriptors here. */
const wanted = Number(process.env['MULLIGAN_SOAK_TUNNELS'] ?? 400);
const descriptors = Number(execFileSync('sh', ['-c', 'ulimit -Hn'], { encoding: 'utf8' }).replace('unlimited', '1e6'));
const tunnels = Math.min(wanted, Math.floor((descriptors - 500) / 2));

/** The clients, in a process of their own. */
async function startClients(port: number, target: string) {
  const child = fork(script, [String(port), target], { execArgv: [] });
  onTestFinished(() => void child.kill());
  await once(child, 'message');
  return async (wish: 'held' | 'speak' | { open: number }): Promise<number> => {
    child.send(wish);
    const [count] = (await once(child, 'message')) as [number];
    return count;
  };
}

test(
  `${tunnels} idle tunnels take little memory, stay alive, and are gone after a drain`,
  { timeout: 300_000 },
  async () => {
    expect(tunnels).toBe(wanted);
    const upstream = await Upstream.start(9);
    onTestFinished(() => upstream.kill());
    const rotator = new ProxyRotator({ proxies: [`http://${upstream.host}:${upstream.port}`] });
    const before = sockets();
    const gateway = new Gateway({ rotator, port: 0 });
    const { port } = await gateway.listen();
    const ask = await startClients(port, 'echo.test:7');

    await ask({ open: Math.ceil(tunnels / 10) });
    const first = memory();
    const rest = tunnels - Math.ceil(tunnels / 10);
    expect(await ask({ open: rest })).toBe(tunnels);
    const full = memory();
    const kilobytes = {
      heap: (full.heap - first.heap) / rest / 1000,
      resident: (full.resident - first.resident) / rest / 1000,
    };
    process.stdout.write(`${tunnels} tunnels: ${JSON.stringify(kilobytes)} kB each\n`);
    expect(kilobytes.heap).toBeLessThan(25);
    if (tunnels >= 1000) expect(kilobytes.resident).toBeLessThan(25);
    expect(gateway.connections).toBe(tunnels);
    expect(await ask('speak')).toBe(tunnels);

    await gateway.close({ within: '100ms' });
    await rotator.close();
    expect(gateway.connections).toBe(0);
    await expect.poll(() => ask('held'), { timeout: 20_000 }).toBe(0);
    await expect.poll(() => upstream.open(), { timeout: 20_000 }).toBe(0);
    await expect.poll(() => sockets() - before, { timeout: 20_000 }).toBe(0);
  },
);
