// Seed 1: a session that retries, and a function that does.
// #region session
import { createRetrySession, raiseForStatus } from 'mulligan/http';
// #endregion
// #region decorated
import { RETRYABLE_ERRORS, retryOnException } from 'mulligan/http';
// #endregion
import { serve } from './support/serve.ts';

const requests: Record<string, number> = {};
const server = await serve(({ url = '', socket }, reply) => {
  const count = (requests[url] = (requests[url] ?? 0) + 1);
  if (url === '/metadata' && count === 1) socket.destroy();
  else if (count === 1) reply.writeHead(504).end();
  else reply.end(`${url} at request ${count}`);
});
const { url } = server;
const lines: string[] = [];
const log = { warn: (line: string) => lines.push(line), error: (line: string) => lines.push(line) };

// #region session
const session = createRetrySession({ retries: 5, backoffFactor: 0.2, statuses: [429, 502, 503, 504] }, '60s', { log });

const response = await session.get(`${url}/api/data`);
raiseForStatus(response);
// #endregion

console.log(await response.text());

// #region decorated
const downloadMetadata = retryOnException({
  exceptions: RETRYABLE_ERRORS,
  maxAttempts: 3,
  backoffFactor: 0.1,
  maxBackoff: '30s',
})(async (url: string) => (await fetch(url)).text());
// #endregion

console.log(await downloadMetadata(`${url}/metadata`));
for (const line of lines) console.log(line.replace(url, 'http://…').replace(/\d\.\d seconds/u, '… seconds'));
await server.close();
