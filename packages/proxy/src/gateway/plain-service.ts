import type { IncomingMessage, ServerResponse } from 'node:http';
import { admit } from './admission.ts';
import { forwardPlain } from './forward.ts';
import { answerFor, type Service } from './serve.ts';
import type { GatewayServices } from './services.ts';
import { type AbsoluteTarget, parseAbsolute } from './target.ts';
import { RequestRefused } from './trouble.ts';

const wrongTarget = 'the target must be an http:// URI without a user name; for other schemes use CONNECT';
const howToUse =
  'this is a forward proxy: set it as the proxy of a client, as in curl -x http://127.0.0.1:8080 http://…';

/** A plain request: `GET http://host/path`. */
export function plainService(services: GatewayServices, request: IncomingMessage, reply: ServerResponse): Service {
  return {
    async run(open) {
      const target = readTarget(request);
      const client = admit(services, request);
      const exchange = open({ inbound: 'http', method: request.method ?? '', place: target.place, client });
      reply.once('close', () => {
        if (!reply.writableFinished) exchange.abandon();
      });
      await services.targets.check(target.place, false);
      await exchange.underLimits(() => forwardPlain(services, { request, reply, target, exchange }));
    },
    refuse(trouble, exchange) {
      if (reply.headersSent || reply.destroyed) {
        reply.destroy();
        return;
      }
      const { status, headers, body } = answerFor(trouble, request, exchange);
      if (exchange !== undefined) exchange.status = status;
      // A body that nobody will read must not be waited for.
      if (!request.complete) reply.shouldKeepAlive = false;
      reply.writeHead(status, [...headers]).end(body);
    },
  };
}

/** @throws {RequestRefused} for what is no absolute `http:` URI */
export function readTarget({ url = '' }: IncomingMessage): AbsoluteTarget {
  const target = parseAbsolute(url);
  if (target !== undefined) return target;
  throw new RequestRefused(400, 'http_request_error', url.startsWith('/') ? howToUse : wrongTarget);
}
