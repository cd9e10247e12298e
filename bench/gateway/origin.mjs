// What every path of the gateway benchmark ends at: an origin, and at the same time the upstream proxy before it. As one
// server it costs the machine next to nothing, so that what is measured is the relay in front.
import { createServer } from 'node:http';

const body = 'x'.repeat(128);
const chunk = Buffer.alloc(65_536, 'x');

/** Sends until the other side has had enough. @param {import('node:http').ServerResponse} response */
function flood(response) {
  while (!response.destroyed && response.write(chunk));
  if (!response.destroyed) response.once('drain', () => flood(response));
}

const server = createServer({ keepAliveTimeout: 0 }, (request, response) => {
  if (request.url?.endsWith('/flood')) flood(response);
  else response.setHeader('content-length', body.length).end(body);
});
// A tunnel ends here as well: what comes through it is one more client of this server.
server.on('connect', (_request, socket, first) => {
  socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
  if (first.length > 0) socket.unshift(first);
  server.emit('connection', socket);
});
server.on('clientError', (_error, socket) => socket.destroy());
server.listen(0, '127.0.0.1', 16_384, () => {
  const address = server.address();
  process.send?.({ port: typeof address === 'object' ? address?.port : undefined });
});
