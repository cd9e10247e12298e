import { once } from 'node:events';
import { createServer } from 'node:net';
import { describe, expect, test } from 'vitest';
import { plainThrough, tunnelTo } from '../../../../test/support/client.ts';
import { start, startGateway } from '../../../../test/support/gateway.ts';
import { listening } from '../../../../test/support/listening.ts';
import { startOrigin } from '../../../../test/support/origin.ts';
import { startWorkingProxy } from '../../../../test/support/working-proxy.ts';
import { ProxyRotator } from '../rotator/index.ts';
import { Gateway } from './gateway.ts';

const as = (user: string) => ({
  'proxy-authorization': `Basic ${Buffer.from(`${user}:pw`).toString('base64')}`,
});

describe('a user', () => {
  test.each([
    ['with tags', { tags: ['fast'] }, 'eve-tag-cheap', [0, 0, 4]],
    ['of a region, whatever the name wishes for', { region: 'eu' }, 'eve-region-us', [2, 2, 0]],
    ['who is bound to nothing, and wishes', {}, 'eve-tag-fast-tag-slow', [0, 4, 0]],
  ])('gets only the proxies %s', async (_, binding, name, expected) => {
    const origin = await start(startOrigin());
    const proxies = [
      await start(startWorkingProxy()),
      await start(startWorkingProxy()),
      await start(startWorkingProxy()),
    ];
    const places = [
      { region: 'eu', tags: ['fast'] },
      { region: 'eu', tags: ['fast', 'slow'] },
      { region: 'us', tags: ['fast', 'cheap'] },
    ];
    const { port: proxyPort } = await startGateway(
      { proxies: proxies.map(({ url }, i) => ({ url, ...places[i] })) },
      { auth: [{ username: 'eve', password: 'pw', ...binding }] },
    );
    for (let i = 0; i < 4; i++) {
      const { status } = await plainThrough({ proxyPort, url: `${origin.url}/${i}`, headers: as(name) });
      expect(status).toBe(200);
    }
    expect(proxies.map(({ seen }) => seen.length)).toEqual(expected);
  });

  test('for whom there is no proxy is told so', async () => {
    const proxy = await start(startWorkingProxy());
    const auth = [{ username: 'eve', password: 'pw', tags: ['gold'] }];
    const { port: proxyPort } = await startGateway({ proxies: [proxy.url] }, { auth });
    const { status, body } = await plainThrough({ proxyPort, url: 'http://target.test/', headers: as('eve') });
    expect([status, body]).toEqual([503, expect.stringContaining('with the tag gold')]);
    expect(proxy.seen).toHaveLength(0);
  });

  test('has only so many requests and tunnels at the same time, the others wait, and are answered 503 at last', async () => {
    const echo = await start(listening(createServer((socket) => void socket.pipe(socket))));
    const auth = [
      { username: 'eve', password: 'pw', maxConcurrent: 1 },
      { username: 'ada', password: 'pw' },
    ];
    const { port: proxyPort } = await startGateway({}, { auth, limits: { queue: 1, queueTime: '200ms' } });
    const url = `http://127.0.0.1:${echo.port}`;
    const open = (user: string) => tunnelTo({ proxyPort, url, headers: as(user) });
    const first = await open('eve');
    await expect(open('eve')).rejects.toThrow('answered 503');
    (await open('ada')).destroy();
    const waiting = open('eve');
    first.destroy();
    const second = await waiting;
    second.write('still here');
    expect(String((await once(second, 'data'))[0])).toBe('still here');
    const [late, refused] = await Promise.allSettled([open('eve'), open('eve')]);
    expect([late.status, refused.status]).toEqual(['rejected', 'rejected']);
    second.destroy();
  });

  test('begins only so many requests in a second, and is told when to come again', async () => {
    const origin = await start(startOrigin());
    const auth = [{ username: 'eve', password: 'pw', ratePerSecond: 0.01 }];
    const { port: proxyPort } = await startGateway({}, { auth });
    const get = () => plainThrough({ proxyPort, url: origin.url, headers: as('eve') });
    expect((await get()).status).toBe(200);
    const { status, headers } = await get();
    expect(status).toBe(429);
    expect(Number(headers['retry-after'])).toBeGreaterThan(50);
    expect(headers['proxy-status']).toContain('error=http_request_denied');
    expect(origin.seen).toHaveLength(1);
  });

  test('with a wrong setting is answered in a sentence without the password', () => {
    const rotator = new ProxyRotator({ direct: true });
    const make = (user: object) => () =>
      new Gateway({ rotator, auth: [{ username: 'eve', password: 'secret', ...user }] });
    expect(make({ maxConcurrent: 0 })).toThrow('auth.maxConcurrent must be a whole number of at least 1, got 0');
    expect(make({ ratePerSecond: 'many' })).toThrow('auth.ratePerSecond must be');
    expect(make({ tags: 'fast' })).toThrow('auth must be users whose tags are words');
    expect(make({ pasword: 'secret' })).toThrow("auth has no option 'pasword': did you mean 'password'?");
    expect(make({ pasword: 'secret' })).not.toThrow('secret');
  });
});
