import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { Exchange, type ExchangeRequest } from './exchange.ts';
import { formatAnswer, type OwnAnswer, ownAnswer } from './own-answer.ts';
import type { GatewayServices } from './services.ts';
import { type Trouble, troubleOf } from './trouble.ts';

/** How a client is served and, when that fails, answered. */
export interface Service {
  /** Finds out what the client asks for, opens the exchange, and does it to the last byte. */
  run(open: (request: ExchangeRequest) => Exchange): Promise<void>;
  /** Tells the client that it failed; nothing can be told once the answer has begun. */
  refuse(trouble: Trouble, exchange: Exchange | undefined): void;
}

/** Serves one request of a client. Never rejects: whatever goes wrong is told to the client, and to the listeners. */
export async function serve({ plan, events }: GatewayServices, service: Service): Promise<void> {
  let exchange: Exchange | undefined;
  let failure: string | undefined;
  try {
    await service.run((request) => {
      exchange = new Exchange(request, plan.world);
      if (events.isHeard) events.emit(exchange.began());
      return exchange;
    });
  } catch (error) {
    const trouble = troubleOf(error);
    failure = trouble.message;
    service.refuse(trouble, exchange);
  }
  if (exchange !== undefined && events.isHeard) events.emit(exchange.ended(failure));
}

/** The gateway's own answer to a request of HTTP. */
export function answerFor(trouble: Trouble, { headers }: IncomingMessage, exchange: Exchange | undefined): OwnAnswer {
  return ownAnswer(trouble, { requestId: exchange?.id, attempts: exchange?.notes ?? [], accept: headers.accept });
}

/** How long a client may go on sending what nobody reads any more. */
const lingerMs = 1000;

/** Says a last thing. A client that is still sending shall not lose it to a reset, nor keep the connection. */
export function sayAndClose(socket: Socket, text: string | Buffer): void {
  socket.end(text);
  if (socket.readableEnded) return;
  socket.resume();
  socket.setTimeout(lingerMs, () => socket.destroy());
  socket.once('end', () => socket.destroySoon());
}

/** Answers a request whose connection is no longer HTTP's, unless it has been answered. */
export function refuseOver(
  socket: Socket,
  request: IncomingMessage,
  trouble: Trouble,
  exchange: Exchange | undefined,
): void {
  if (exchange?.isBeyondAnswer === true || !socket.writable) {
    socket.destroy();
    return;
  }
  const answer = answerFor(trouble, request, exchange);
  if (exchange !== undefined) exchange.status = answer.status;
  sayAndClose(socket, formatAnswer(answer));
}
