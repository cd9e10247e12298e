import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { createCertificates } from '../../../../test/support/certificates.ts';
import { plainThrough, secureThrough } from '../../../../test/support/client.ts';
import { type FaultName, faults, startFaultyProxy, tunnelFaults } from '../../../../test/support/faulty-proxy.ts';
import { startOrigin, type TestOrigin } from '../../../../test/support/origin.ts';
import { startWorkingProxy, type WorkingProxy } from '../../../../test/support/working-proxy.ts';
import { ProxyRotator } from '../rotator/index.ts';
import { Gateway } from './gateway.ts';

const certificates = createCertificates(['localhost', '127.0.0.1'], Date.now());
const requests = 6;

let origin: TestOrigin;
let secureOrigin: TestOrigin;
let working: WorkingProxy;
const started: { close(): Promise<void> }[] = [];

beforeAll(async () => {
  [origin, secureOrigin, working] = await Promise.all([
    startOrigin(),
    startOrigin({ certificates }),
    startWorkingProxy(),
  ]);
});
afterEach(async () => {
  await Promise.all(started.splice(0).map((thing) => thing.close()));
});
afterAll(async () => {
  await Promise.all([origin.close(), secureOrigin.close(), working.close()]);
});

/** A gateway over one faulty and one working proxy, which take turns. */
async function gatewayOver(fault: FaultName) {
  const faulty = await startFaultyProxy(fault);
  const rotator = new ProxyRotator({
    proxies: [faulty.url, working.url],
    strategy: 'round-robin',
    retryPolicy: { baseDelay: 100, maxBackoffDelay: 1000 },
    circuitBreaker: { failures: 1000 },
    budget: null,
  });
  const gateway = new Gateway({ rotator, port: 0, timers: { connect: 1000, tls: 1000, head: 1000, response: 1000 } });
  const { port } = await gateway.listen();
  const close = async (): Promise<void> => {
    await gateway.close({ within: 0 });
    await faulty.close();
  };
  started.push({ close });
  return { gateway, faulty, proxyPort: port };
}

const times = <T>(work: () => Promise<T>): Promise<T[]> => Promise.all(Array.from({ length: requests }, work));

const plainFaults = ['refuses connections', ...(Object.keys(faults) as FaultName[])] as const;
/** The policy does not retry these: they are the answer. */
const answers: ReadonlySet<FaultName> = new Set(['answers 403', 'answers 429', 'answers 500', 'redirects']);

describe('a client of CONNECT never notices a proxy that', () => {
  test.each([...plainFaults, ...(Object.keys(tunnelFaults) as FaultName[])])('%s', async (fault) => {
    const { proxyPort, faulty } = await gatewayOver(fault);
    const seen = secureOrigin.seen.length;
    const results = await times(() => secureThrough({ proxyPort, url: secureOrigin.url, ca: certificates.ca }));
    expect(results.map(({ status, body }) => `${status} ${body}`)).toEqual(
      Array.from({ length: requests }, () => '200 hello '),
    );
    expect(secureOrigin.seen.length - seen).toBe(requests);
    if (!fault.startsWith('re')) expect(faulty.heads.length).toBeGreaterThan(0);
  });
});

describe('a client of plain HTTP never notices a proxy that', () => {
  test.each(plainFaults.filter((fault) => !answers.has(fault)))('%s', async (fault) => {
    const { proxyPort } = await gatewayOver(fault);
    const results = await times(() => plainThrough({ proxyPort, url: `${origin.url}/a?b=c` }));
    expect(results.map(({ status }) => status)).toEqual(Array.from({ length: requests }, () => 200));
  });

  test.each([...answers])('%s, because that is the answer', async (fault) => {
    const { proxyPort } = await gatewayOver(fault);
    const results = await times(() => plainThrough({ proxyPort, url: `${origin.url}/a` }));
    expect(new Set(results.map(({ status }) => status)).size).toBe(2);
  });
});

describe('a POST reaches a proxy that misbehaves at most once, and no other after it, when that', () => {
  const repeatable: ReadonlySet<FaultName> = new Set(['refuses connections', 'answers 407']);
  test.each(plainFaults.filter((fault) => !answers.has(fault) && !fault.startsWith('drips')))('%s', async (fault) => {
    const { proxyPort, gateway } = await gatewayOver(fault);
    const attempts: number[] = [];
    gateway.onEvent((event) => {
      if (event.type === 'gateway.ended') attempts.push(event.attempts);
    });
    const bodies = Array.from({ length: requests }, (_, number) => `${fault} ${number}`);
    const isStuck = fault === 'never answers' || fault.endsWith('stops');
    const headers = { 'content-type': 'text/plain' };
    const work = bodies.map((body) => plainThrough({ proxyPort, url: origin.url, method: 'POST', body, headers }));
    // What hangs after it was sent must not be sent again: the client waits, as it would without a gateway.
    const results = isStuck ? await Promise.all(work.filter((_, number) => number % 2 === 1)) : await Promise.all(work);
    const counts = bodies.map((body) => origin.seen.filter((seen) => seen.body === body).length);
    expect(Math.max(...counts)).toBe(1);
    if (repeatable.has(fault)) expect(results.map(({ status }) => status)).toEqual(bodies.map(() => 200));
    else expect(counts.filter((count) => count === 0)).toHaveLength(requests / 2);
    if (!repeatable.has(fault)) expect(Math.max(...attempts)).toBe(1);
    if (isStuck) await Promise.all([gateway.close({ within: 0 }), ...work.map((sent) => sent.catch(() => undefined))]);
  });
});
