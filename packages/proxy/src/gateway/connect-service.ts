import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { admit } from './admission.ts';
import { refuseOver, type Service } from './serve.ts';
import type { GatewayServices } from './services.ts';
import { parseAuthority } from './target.ts';
import { openTunnel } from './tunnel.ts';
import { RequestRefused } from './trouble.ts';

/** A tunnel: `CONNECT host:port`. */
export function connectService(
  services: GatewayServices,
  request: IncomingMessage,
  socket: Socket,
  head: Buffer,
): Service {
  return {
    async run(open) {
      const client = admit(services, request);
      const target = parseAuthority(request.url ?? '');
      if (target === undefined) throw new RequestRefused(400, 'http_request_error', 'CONNECT needs host:port');
      const exchange = open({ inbound: 'connect', method: 'CONNECT', place: target, client });
      socket.once('close', () => exchange.abandon());
      await services.targets.check(target, true);
      const grant = (): void => void socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
      const { via } = request.headers;
      await exchange.underLimits(() => openTunnel(services, { socket, head, target, via, exchange, grant }));
    },
    refuse: (trouble, exchange) => refuseOver(socket, request, trouble, exchange),
  };
}
