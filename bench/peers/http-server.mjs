// The server that all HTTP clients are measured on, in a process of its own: it answers, and counts what it was asked.
import { createServer } from 'node:http';

const answer = JSON.stringify({ id: 42, name: 'Ada', roles: ['reader', 'writer'] });
const headers = { 'content-type': 'application/json', 'content-length': answer.length };
let requests = 0;

const server = createServer((_request, response) => {
  requests++;
  response.writeHead(200, headers).end(answer);
});
server.keepAliveTimeout = 60_000;
server.listen(0, '127.0.0.1', () => process.send?.({ port: /** @type {any} */ (server.address()).port, answer }));
process.on('message', () => process.send?.({ requests }));
process.on('disconnect', () => process.exit());
