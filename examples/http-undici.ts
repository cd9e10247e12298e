// The same policy for users of undici's own request, stream and pipeline.
// #region interceptor
import { retryInterceptor } from 'mulligan/http/undici';
import { Agent, request } from 'undici';
// #endregion
import { answering, serve } from './support/serve.ts';

const server = await serve(answering(503, 503, 200));
const { url } = server;

// #region interceptor
const dispatcher = new Agent().compose(retryInterceptor({ retry: 5, attemptTimeout: '10s' }));

const { statusCode, body } = await request(url, { dispatcher });
// #endregion
console.log(`${statusCode} ${await body.text()}`);
await server.close();
