import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { admit } from './admission.ts';
import { endToEnd } from './end-to-end.ts';
import { readTarget } from './plain-service.ts';
import { refuseOver, type Service } from './serve.ts';
import { type GatewayServices, nameInVia } from './services.ts';
import type { AbsoluteTarget } from './target.ts';
import { openTunnel } from './tunnel.ts';

/** Whether a request asks for a WebSocket (RFC 6455). Other upgrades are optional, and the gateway takes none. */
export function wantsWebSocket({ headers, method }: IncomingMessage): boolean {
  return method === 'GET' && headers.upgrade?.toLowerCase() === 'websocket';
}

/** Makes a connection say again what it has said, without the wish for an upgrade: HTTP then takes it as it is. */
export function withoutUpgrade(
  { method, url, httpVersion, rawHeaders }: IncomingMessage,
  socket: Socket,
  head: Buffer,
): void {
  const fields = rawHeaders.map((text, i) =>
    i % 2 === 1 && isConnection(rawHeaders[i - 1]) ? withoutToken(text) : text,
  );
  const said = writeHead(`${method} ${url} HTTP/${httpVersion}`, fields, ['upgrade', 'http2-settings']);
  socket.unshift(Buffer.concat([said, head]));
}

function isConnection(name: string | undefined): boolean {
  return name?.toLowerCase() === 'connection';
}

function withoutToken(value: string): string {
  return value.replaceAll(/(?:^|,)[ \t]*(?:upgrade|http2-settings)[ \t]*(?=,|$)/giu, '').replace(/^,/u, '');
}

/**
 * A WebSocket over plain HTTP: `GET http://host/path` with `Upgrade: websocket`. It goes to its target through a
 * tunnel, and the target's own answer comes back: few proxies hand an upgrade on.
 */
export function upgradeService(
  services: GatewayServices,
  request: IncomingMessage,
  socket: Socket,
  head: Buffer,
): Service {
  return {
    async run(open) {
      const target = readTarget(request);
      const client = admit(services, request);
      const exchange = open({ inbound: 'http', method: 'GET', place: target.place, client });
      socket.once('close', () => exchange.abandon());
      // Whatever the client sends afterwards goes there as it is: that is a tunnel.
      await services.targets.check(target.place, true);
      const first = Buffer.concat([handshake(request, target, nameInVia(services)), head]);
      const { via } = request.headers;
      const tunnel = { socket, head: first, target: target.place, via, exchange, status: 101, grant() {} };
      await exchange.underLimits(() => openTunnel(services, tunnel));
    },
    refuse: (trouble, exchange) => refuseOver(socket, request, trouble, exchange),
  };
}

function handshake(request: IncomingMessage, { authority, path }: AbsoluteTarget, name: string | undefined): Buffer {
  const { rawHeaders, httpVersion } = request;
  const fields = [
    'Host',
    authority,
    'Connection',
    'Upgrade',
    'Upgrade',
    'websocket',
    ...endToEnd(rawHeaders, ['host']),
  ];
  if (name !== undefined) fields.push('Via', `${httpVersion} ${name}`);
  return writeHead(`GET ${path} HTTP/1.1`, fields);
}

function writeHead(firstLine: string, fields: readonly string[], except: readonly string[] = []): Buffer {
  let text = `${firstLine}\r\n`;
  for (let i = 0; i < fields.length; i += 2) {
    if (!except.includes(fields[i]?.toLowerCase() ?? '')) text += `${fields[i]}: ${fields[i + 1]}\r\n`;
  }
  return Buffer.from(`${text}\r\n`, 'latin1');
}
