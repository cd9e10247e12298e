// The least that relays: no failover, no limits, no checks. `node bare-relay.mjs [upstream's port]`.
import { Agent, createServer, request as send } from 'node:http';
import { connect } from 'node:net';

const upstream = Number(process.argv[2] ?? 0);
const agent = new Agent({ keepAlive: true, maxSockets: 1024 });

const server = createServer((request, response) => {
  const { hostname, port, pathname, search } = new URL(request.url ?? '');
  const to = upstream > 0 ? { port: upstream, path: request.url } : { host: hostname, port, path: pathname + search };
  const onward = send({ host: '127.0.0.1', ...to, method: request.method, headers: request.headers, agent });
  onward.on('response', (answer) => {
    response.writeHead(answer.statusCode ?? 502, answer.rawHeaders);
    answer.pipe(response);
  });
  onward.on('error', () => response.destroy());
  request.pipe(onward);
});

server.on('connect', (request, client, first) => {
  const [host, port] = (request.url ?? '').split(':');
  const socket = connect(upstream > 0 ? { host: '127.0.0.1', port: upstream } : { host, port: Number(port) });
  socket.setNoDelay(true);
  socket.on('connect', () => {
    if (upstream > 0) socket.write(`CONNECT ${request.url} HTTP/1.1\r\nHost: ${request.url}\r\n\r\n`);
    else client.write('HTTP/1.1 200 Connection established\r\n\r\n');
    if (first.length > 0) socket.write(first);
    socket.pipe(client).pipe(socket);
  });
  socket.on('error', () => client.destroy());
  client.on('error', () => socket.destroy());
});

server.listen(0, '127.0.0.1', 16_384, () => {
  const address = server.address();
  process.send?.({ port: typeof address === 'object' ? address?.port : undefined });
});
