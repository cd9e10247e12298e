// A proxy in a process of its own, so that it can be killed: CONNECT, absolute-form and SOCKS5 on one port.
// Tunnels to echo.test:7 end here, and give back what comes.
// Usage: node upstream.mjs <host> <port>; tells the parent its port, and on 'open?' how many connections are open.
import { createServer, request as sendRequest } from 'node:http';
import { connect } from 'node:net';

const [host = '127.0.0.1', port = '0'] = process.argv.slice(2);
const sockets = new Set();

const server = createServer((request, reply) => {
  const { method, url = '', headers } = request;
  const { connection: _, 'proxy-connection': __, ...kept } = headers;
  const forwarded = sendRequest(url, { method, headers: kept, agent: false }, (response) => {
    reply.writeHead(response.statusCode ?? 502, response.rawHeaders);
    response.pipe(reply);
  });
  forwarded.on('error', () => reply.destroy());
  request.pipe(forwarded);
});
server.keepAliveTimeout = 60_000;

/** Joins a client with its target once that is connected. */
function join(client, target, granted) {
  const far = connect(target, () => {
    client.write(granted);
    client.pipe(far).pipe(client);
  });
  far.on('error', () => client.destroy());
  far.on('close', () => client.destroy());
  client.on('error', () => {}).on('close', () => far.destroy());
}

server.on('connect', ({ url = '' }, client) => {
  if (url === 'echo.test:7') {
    client.on('error', () => {}).write('HTTP/1.1 200 OK\r\n\r\n');
    client.pipe(client);
    return;
  }
  const [, name = '', to = ''] = /^\[?(.*?)\]?:(\d+)$/u.exec(url) ?? [];
  join(client, { host: name, port: Number(to) }, 'HTTP/1.1 200 OK\r\n\r\n');
});

const [onHttp] = server.listeners('connection');
server.removeAllListeners('connection');
server.on('connection', (socket) => {
  sockets.add(socket);
  socket.on('error', () => {}).once('close', () => sockets.delete(socket));
  socket.once('readable', () => {
    const first = socket.read();
    if (first === null) return socket.destroy();
    if (first[0] !== 5) {
      socket.unshift(first);
      return onHttp.call(server, socket);
    }
    socket.write(Buffer.of(5, 0));
    socket.once('data', (frame) => {
      socket.pause();
      const address = { host: [...frame.subarray(4, 8)].join('.'), port: frame.readUInt16BE(8) };
      join(socket, address, Buffer.of(5, 0, 0, 1, 0, 0, 0, 0, 0, 0));
    });
  });
});

process.on('message', (question) => {
  if (question === 'open?') process.send?.(sockets.size);
});
process.on('disconnect', () => process.exit());
server.listen({ host, port: Number(port) }, () => process.send?.(server.address().port));
