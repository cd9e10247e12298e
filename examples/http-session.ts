// Requests that have an address, headers and a policy in common.
// #region session
import { createSession, HttpStatusError, raiseForStatus } from 'mulligan/http';
// #endregion
// #region auth
import { SessionAuth } from 'mulligan/http';
// #endregion
import { serve } from './support/serve.ts';

let requests = 0;
const server = await serve(({ method, url, headers }, reply) => {
  requests++;
  if (url === '/v1/missing') reply.writeHead(404).end('{}');
  else if (requests === 1) reply.writeHead(502).end();
  else reply.end(JSON.stringify([{ method, url, accept: headers.accept }]));
});
const baseUrl = `${server.url}/v1`;
const write = (line: string): void =>
  console.log(line.replace(server.url, 'http://…').replace(/[\d.]+ seconds/u, '… seconds'));
const readToken = (): string => 's3cret';
const log = { warn: write, error: write };

// #region session
interface User {
  readonly method: string;
  readonly url: string;
  readonly accept: string;
}

const session = createSession({
  baseUrl,
  headers: { accept: 'application/json' }, // to the origin of baseUrl only, also when a server redirects
  retry: 5,
  timeout: '30s',
  log, // such as console: a line for each retry and each failure
});

const users = await session.json<User[]>('/users', { params: { page: 2 } });
const created = await session.post('/users', { json: { name: 'Ada' } });

try {
  raiseForStatus(await session.get('/missing'));
} catch (error) {
  if (!(error instanceof HttpStatusError)) throw error;
  console.log(`${error.status}: ${await error.response.text()}`);
}
// #endregion
console.log(users[0], created.status);

// #region auth
const auth = new SessionAuth().add('https://api.example.com', () => ({ authorization: `Bearer ${readToken()}` }));
const authorized = createSession({ auth });
// #endregion
const asked = await auth.get('https://api.example.com/users');
console.log(asked, await auth.get('https://api.example.com.evil.test/'), typeof authorized.get);
await server.close();
