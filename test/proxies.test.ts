import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { ProxyAuthenticationError, ProxyRotator, type RotatorOptions, startServer } from '@mulligan/proxy';
import { createCertificates } from './support/certificates.ts';
import { plainThrough, secureThrough } from './support/client.ts';
import { startRefusing } from './support/listening.ts';
import { startOrigin, type TestOrigin } from './support/origin.ts';
import { describeWithProgram, findProgram } from './support/program.ts';
import { type ProxyMake, proxyMakes, type RealProxy } from './support/real-proxy.ts';

const { ca, ...certificates } = createCertificates(['localhost', '127.0.0.1'], Date.now());

let plain: TestOrigin;
let secure: TestOrigin;
const running = new Map<string, RealProxy>();

/** Every proxy goes out from an address of its own, and the origins answer with the address that they see. */
const addressOf = (name: string): string => `127.0.1.${proxyMakes.findIndex((make) => make.name === name) + 1}`;

const planOf = ({ name }: ProxyMake) => ({ from: addressOf(name), connectPorts: [secure.port] });

async function startMake(make: ProxyMake): Promise<void> {
  const program = make.programs.length === 0 ? '' : findProgram(...make.programs);
  if (program !== undefined) running.set(make.name, await make.start({ ...planOf(make), program }));
}

beforeAll(async () => {
  const respond: NonNullable<Parameters<typeof startOrigin>[0]>['respond'] = (request, reply) =>
    void reply.end(request.socket.remoteAddress);
  [plain, secure] = await Promise.all([startOrigin({ respond }), startOrigin({ respond, certificates })]);
  // One after the other: a port that is free for one must not be taken by the next.
  for (const make of proxyMakes) await startMake(make);
});

afterAll(async () => {
  await Promise.all([...running.values(), plain, secure].map((each) => each.close()));
});

const urlOf = (name: string): string => running.get(name)?.url ?? '';

/** A rotator over these proxies, by the names of their makes, whose retries do not wait. */
function rotate(names: readonly string[], options: RotatorOptions = {}): ProxyRotator {
  const rotator = new ProxyRotator({
    proxies: names.map((name) => ({ id: name, url: urlOf(name) })),
    strategy: 'round-robin',
    waitBetweenProxies: 'none',
    retryPolicy: { baseDelay: 100 },
    budget: null,
    dial: { targetTls: { ca } },
    ...options,
  });
  onTestFinished(() => rotator.close());
  return rotator;
}

const secureUrl = (): string => `https://localhost:${secure.port}/`;
const textOf = async (rotator: ProxyRotator, url: string): Promise<string> => (await rotator.get(url)).text();

function describeMake({ name, programs }: ProxyMake, tests: () => void): void {
  if (programs.length === 0)
    describe(name, () => {
      tests();
    });
  else describeWithProgram([...programs], name, tests);
}

/** The same proxy with a password that it does not know. */
const withWrongPassword = (name: string): string => urlOf(name).replace(/:[^:@/]+@/u, ':wrong@');

for (const make of proxyMakes) {
  const { name, hasCredentials } = make;
  describeMake(make, () => {
    test('carries HTTP and HTTPS, and the target sees its address', async () => {
      const rotator = rotate([name]);
      expect(await textOf(rotator, plain.url)).toBe(addressOf(name));
      expect(await textOf(rotator, secureUrl())).toBe(addressOf(name));
      expect(rotator.pool.get(name)?.stats).toMatchObject({ requests: 2, successes: 2 });
    });

    test('carries what a gateway is asked for, tunnels and plain requests', async () => {
      const server = await startServer({
        rotator: { proxies: [{ id: name, url: urlOf(name) }] },
        gateway: { port: 0 },
        api: { port: 0 },
      });
      onTestFinished(() => server.close());
      const proxyPort = Number(new URL(server.gateway).port);
      expect(await plainThrough({ proxyPort, url: plain.url })).toMatchObject({ body: addressOf(name) });
      expect(await secureThrough({ proxyPort, url: secureUrl(), ca })).toMatchObject({ body: addressOf(name) });
    });

    test('is found to work by a check', async () => {
      const rotator = rotate([name]);
      expect(await rotator.checkProxy(name)).toMatchObject({ isWorking: true });
      expect(await rotator.checkProxy(name, { url: plain.url })).toMatchObject({ isWorking: true, status: 200 });
    });

    const rejects = async (): Promise<void> => {
      const wrong = { id: 'wrong', url: withWrongPassword(name) };
      // To a plain request tinyproxy answers as if it were the target.
      for (const url of name === 'tinyproxy' ? [secureUrl()] : [plain.url, secureUrl()]) {
        const alone = rotate([], { proxies: [wrong] });
        await expect(alone.get(url)).rejects.toThrow(ProxyAuthenticationError);
        const right = { id: name, url: urlOf(name) };
        expect(await textOf(rotate([], { proxies: [wrong, right] }), url)).toBe(addressOf(name));
      }
    };
    if (hasCredentials) test('that rejects a password is told of as such, or left for another', rejects);

    test('that is ended is left for another, and its breaker opens', async () => {
      const mortal = await make.start({ ...planOf(make), program: findProgram(...make.programs) ?? '' });
      onTestFinished(() => mortal.close());
      const proxies = [
        { id: 'mortal', url: mortal.url },
        { id: 'proxy-chain', url: urlOf('proxy-chain') },
      ];
      const rotator = rotate([], { proxies, circuitBreaker: { failures: 2 } });
      expect(await textOf(rotator, plain.url)).toBe(addressOf(name));
      await mortal.close();
      for (let request = 0; request < 6; request++) {
        const url = request % 2 === 0 ? plain.url : secureUrl();
        expect(await textOf(rotator, url)).toBe(addressOf('proxy-chain'));
      }
      expect(rotator.pool.get('mortal')?.breaker.state).toBe('open');
      expect(rotator.pool.get('proxy-chain')?.breaker.state).toBe('closed');
    });
  });
}

describe('all makes together', () => {
  const names = (): string[] => [...running.keys()];
  const addresses = (): string[] => names().map(addressOf);

  test('take turns', async () => {
    const rotator = rotate(names());
    const seen: string[] = [];
    for (let request = 0; request < 2 * names().length; request++) {
      seen.push(await textOf(rotator, request < names().length ? plain.url : secureUrl()));
    }
    expect(seen).toEqual([...addresses(), ...addresses()]);
  });

  test('carry many requests at the same time, each by its own', async () => {
    const rotator = rotate(names());
    const urls = Array.from({ length: 60 }, (_, index) => (index % 2 === 0 ? plain.url : secureUrl()));
    const seen = await Promise.all(urls.map((url) => textOf(rotator, url)));
    for (const address of addresses()) {
      expect(seen.filter((each) => each === address)).toHaveLength(60 / names().length);
    }
  });

  test('are not charged with a target that refuses connections, if they say so', async ({ skip }) => {
    // What proxy-chain answers may be its own fault, by what it says.
    const telling = names().filter((name) => name !== 'proxy-chain');
    if (telling.length === 0) skip('no other make is installed');
    const refusing = await startRefusing();
    onTestFinished(() => refusing.close());
    const rotator = rotate(telling, { circuitBreaker: { failures: 3 } });
    for (const url of [`http://127.0.0.1:${refusing.port}/`, `https://localhost:${refusing.port}/`]) {
      for (let request = 0; request < 5; request++) await rotator.get(url).catch(() => {});
    }
    const states = [...rotator.getCircuitBreakerStates().values()].map(({ state }) => state);
    expect(states).toEqual(telling.map(() => 'closed'));
    expect(await textOf(rotator, plain.url)).toMatch(/^127\.0\.1\.\d$/u);
  });

  test('serve a session by one and the same', async () => {
    const rotator = rotate(names());
    const seen = new Set<string>();
    for (let request = 0; request < 4; request++) {
      seen.add(await (await rotator.get(plain.url, { session: 'eve' })).text());
    }
    expect(seen.size).toBe(1);
  });
});
