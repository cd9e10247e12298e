import { createServer, type RequestListener } from 'node:http';
import { describe, expect, test } from 'vitest';
import { plainThrough } from '../../../../test/support/client.ts';
import { start, startGateway } from '../../../../test/support/gateway.ts';
import { listening } from '../../../../test/support/listening.ts';

/** A proxy that answers by itself. */
async function answering(respond: RequestListener): Promise<string> {
  const { port } = await start(listening(createServer(respond)));
  return `http://127.0.0.1:${port}`;
}

const works = () => answering((_, reply) => void reply.end('welcome'));
const url = 'http://shop.test/';

describe('a response that a rule of the rotator calls a ban', () => {
  const bans = [{ status: 403 }, { header: { name: 'X-Block', matches: /yes/u } }, { status: 200, body: 'captcha' }];
  test.each<[string, RequestListener]>([
    ['by its status', (_, reply) => void reply.writeHead(403).end('go away')],
    ['by a header', (_, reply) => void reply.writeHead(200, { 'x-block': 'yes' }).end()],
    ['by its body', (_, reply) => void reply.end('please solve this captcha')],
  ])('%s goes to another proxy, and the banned one rests for that target', async (_, respond) => {
    let asked = 0;
    const banned = await answering((request, reply) => {
      asked++;
      respond(request, reply);
    });
    const { port: proxyPort } = await startGateway({ proxies: [banned, await works()], bans });
    for (let i = 0; i < 6; i++) expect((await plainThrough({ proxyPort, url })).body).toBe('welcome');
    expect(asked).toBe(1);
  });

  test('is handed on when nothing better comes, and when the request cannot be repeated', async () => {
    const banned = await answering((_, reply) => void reply.writeHead(403).end('go away'));
    const { port: proxyPort } = await startGateway({ proxies: [banned], bans });
    expect(await plainThrough({ proxyPort, url })).toMatchObject({ status: 403, body: 'go away' });
    const post = await plainThrough({ proxyPort, url, method: 'POST', body: 'once' });
    expect(post).toMatchObject({ status: 403, body: 'go away' });
  });
});

test.each([0, 10, 65_535, 65_536, 300_000])(
  'a body of %i bytes that was looked at for a ban arrives whole, with a length and in chunks',
  async (size) => {
    const body = 'x'.repeat(size);
    const proxy = await answering((request, reply) => {
      if (request.url?.endsWith('chunks') === true) reply.write(body.slice(0, 1));
      reply.end(request.url?.endsWith('chunks') === true ? body.slice(1) : body);
    });
    const { port: proxyPort } = await startGateway({ proxies: [proxy], bans: [{ body: 'captcha' }] });
    for (const path of ['length', 'chunks']) {
      const answer = await plainThrough({ proxyPort, url: `${url}${path}` });
      expect([answer.status, answer.body.length, answer.body === body]).toEqual([200, size, true]);
    }
  },
);

test('a response that breaks off while it is looked at breaks off for the client', async () => {
  const proxy = await answering((_, reply) => {
    reply.writeHead(200, { 'content-length': 100 });
    reply.write('the beginning', () => reply.destroy());
  });
  const { port: proxyPort } = await startGateway({ proxies: [proxy], bans: [{ body: 'captcha' }] });
  const error: unknown = await plainThrough({ proxyPort, url }).catch((reason: unknown) => reason);
  expect(error).toMatchObject({ code: 'ECONNRESET' });
});
