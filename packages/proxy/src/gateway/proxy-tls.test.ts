import { once } from 'node:events';
import { describe, expect, test } from 'vitest';
import { createCertificates } from '../../../../test/support/certificates.ts';
import { plainThrough, secureThrough } from '../../../../test/support/client.ts';
import { start, startGateway } from '../../../../test/support/gateway.ts';
import { startOrigin } from '../../../../test/support/origin.ts';
import { ProxyPool } from '../pool/index.ts';

const { ca, ...certificates } = createCertificates(['localhost', '127.0.0.1'], Date.now());

/** An `https:` proxy whose certificate no platform trusts. */
async function secureProxy(): Promise<string> {
  const { port } = await startGateway({}, { tls: certificates });
  return `https://localhost:${port}`;
}

describe('an https proxy with a certificate that is not trusted', () => {
  test('is not used, and the client is told', async () => {
    const origin = await start(startOrigin());
    const { port: proxyPort } = await startGateway({ proxies: [await secureProxy()], retryPolicy: { maxAttempts: 1 } });
    const { status, headers } = await plainThrough({ proxyPort, url: origin.url });
    expect(status).toBe(502);
    expect(headers['proxy-status']).toContain('error=tls_certificate_error');
    expect(origin.accepted).toBe(0);
  });

  test.each([
    ['with its authority', { ca }],
    ['unchecked', { verify: false }],
  ])('is used %s, for that proxy alone', async (_, tls) => {
    const [origin, secure] = [await start(startOrigin()), await start(startOrigin({ certificates }))];
    const [trusted, other] = [await secureProxy(), await secureProxy()];
    const { port: proxyPort, rotator } = await startGateway({ proxies: [{ url: trusted, tls }, other] });
    for (let i = 0; i < 4; i++) {
      expect((await plainThrough({ proxyPort, url: origin.url })).status).toBe(200);
      expect((await secureThrough({ proxyPort, url: secure.url, ca })).status).toBe(200);
    }
    const worked = rotator.pool.list().map(({ stats }) => stats.successRate > 0.5);
    expect(worked).toEqual([true, false]);
    const response = await rotator.get(origin.url);
    expect(response.status).toBe(200);
  });
});

test('a proxy that is not checked is warned of, and one that is, is not', async () => {
  const pool = new ProxyPool();
  const warned = once(process, 'warning') as Promise<[NodeJS.ErrnoException]>;
  pool.add({ url: 'https://eve:secret@checked.test', tls: { ca: 'PEM' } });
  pool.add({ url: 'https://eve:secret@trusting.test', tls: { verify: false } });
  const [{ message, code }] = await warned;
  expect(code).toBe('MULLIGAN_PROXY_NOT_VERIFIED');
  expect(message).toContain('trusting.test:443');
  expect(message).not.toContain('secret');
});

test('the setting survives lists in every form, and a wrong one is answered in a sentence', () => {
  const pool = new ProxyPool();
  pool.add({ url: 'https://proxy.test', tls: { ca: 'PEM' } });
  for (const format of ['json', 'csv'] as const) {
    const copy = new ProxyPool();
    copy.load(pool.export({ format }));
    expect(copy.list().map(({ tls }) => tls)).toEqual([{ verify: true, ca: 'PEM' }]);
  }
  const add = (tls: object) => () => pool.add({ url: 'https://other.test', tls });
  expect(add({ verify: 'no' })).toThrow('tls.verify must be true or false, got "no"');
  expect(add({ verified: false })).toThrow("tls has no option 'verified': it knows verify, ca");
  expect(add({ ca: 1 })).toThrow('tls.ca must be certificates in PEM, got 1');
});
