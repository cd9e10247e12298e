// A session through an HTTP proxy, by option or as the environment says.
import { request as forward } from 'node:http';
// #region proxy
import { createFetch, createSession, getRetrySession, proxyFetch } from 'mulligan/http';
// #endregion
import { answering, serve } from './support/serve.ts';

const server = await serve(answering(200));
const proxy = await serve((asked, reply) => {
  console.log(
    `proxy: ${asked.method} ${new URL(asked.url ?? '').pathname} for ${asked.headers['proxy-authorization']}`,
  );
  forward(asked.url ?? '', (response) => response.pipe(reply)).end();
});
const proxyHost = new URL(proxy.url).host;
process.env['http_proxy'] = proxy.url;
process.env['no_proxy'] = 'internal.example.com';
const api = server.url;

// #region proxy
const session = createSession({ proxy: `http://ada:s3cret@${proxyHost}` });
await session.get(`${api}/by-option`);

// HTTPS_PROXY, HTTP_PROXY, ALL_PROXY and NO_PROXY, read when the session is made.
await getRetrySession({ proxy: 'environment' }).get(`${api}/by-environment`);

// The same for a fetch.
const fetch = createFetch({ fetch: proxyFetch('environment') });
await fetch(`${api}/by-fetch`);
// #endregion
await proxy.close();
await server.close();
