import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { ProxyAgent, request } from 'undici';
import { expect, test } from 'vitest';
import { createCertificates } from '../../../../test/support/certificates.ts';
import { curl } from '../../../../test/support/curl.ts';
import { startFaultyProxy } from '../../../../test/support/faulty-proxy.ts';
import { start, startGateway } from '../../../../test/support/gateway.ts';
import { startOrigin } from '../../../../test/support/origin.ts';
import { describeWithProgram } from '../../../../test/support/program.ts';
import { startWorkingProxy } from '../../../../test/support/working-proxy.ts';

const { ca, ...certificates } = createCertificates(['localhost', '127.0.0.1'], Date.now());

/** A gateway of which half of the proxies drop whatever they are given, and something to reach through it. */
async function halfBroken() {
  const [origin, secure] = [await start(startOrigin()), await start(startOrigin({ certificates }))];
  const [faulty, working] = [
    await start(startFaultyProxy('closes without an answer')),
    await start(startWorkingProxy()),
  ];
  const { url, port } = await startGateway({ proxies: [faulty.url, working.url] });
  return { proxy: url, port, urls: [origin.url, secure.url, origin.url, secure.url], faulty };
}

describeWithProgram('curl', 'curl', () => {
  test('gets all it asks for', async () => {
    const { proxy, urls, faulty } = await halfBroken();
    for (const url of urls) {
      expect(await curl('-k', '-x', proxy, url)).toMatchObject({ code: 0, status: 200, body: 'hello ' });
      expect(await curl('-k', '-x', proxy, '-p', url)).toMatchObject({ code: 0, status: 200, body: 'hello ' });
    }
    const upload = await curl('-k', '-x', proxy, '-X', 'PUT', '-d', 'x'.repeat(50_000), urls[0] ?? '');
    expect(upload.body).toHaveLength(50_006);
    expect(faulty.heads.length).toBeGreaterThan(2);
  });
});

describeWithProgram('python3', "Python's urllib", () => {
  test('gets all it asks for', async () => {
    const { proxy, urls } = await halfBroken();
    const script = `
import ssl, sys, urllib.request as u
context = ssl._create_unverified_context()
opener = u.build_opener(u.ProxyHandler({'http': sys.argv[1], 'https': sys.argv[1]}), u.HTTPSHandler(context=context))
for url in sys.argv[2:]: print(opener.open(url, timeout=20).read().decode())`;
    const { stdout } = await promisify(execFile)('python3', ['-c', script, proxy, ...urls]);
    expect(stdout).toBe('hello \n'.repeat(urls.length));
  });
});

test.each([true, false])('undici gets all it asks for, with plain requests in tunnels: %s', async (proxyTunnel) => {
  const { proxy, urls } = await halfBroken();
  const dispatcher = new ProxyAgent({ uri: proxy, proxyTunnel, requestTls: { ca } });
  for (const url of urls) {
    const { statusCode, body } = await request(url, { dispatcher });
    expect([statusCode, await body.text()]).toEqual([200, 'hello ']);
  }
  await dispatcher.close();
});
