import type { IncomingMessage, ServerResponse } from 'node:http';
import { endToEnd } from './end-to-end.ts';
import type { Exchange } from './exchange.ts';

/**
 * Hands a response on to the client, and ends when the client has it all or is gone. A response that breaks off
 * breaks off for the client, too: it must never look complete.
 * @returns whether it broke off
 */
export function deliver(
  response: IncomingMessage,
  reply: ServerResponse,
  exchange: Exchange,
  pseudonym: string | undefined,
): Promise<boolean> {
  if (reply.closed) {
    response.destroy();
    return Promise.resolve(false);
  }
  const { statusCode = 502, statusMessage = '', rawHeaders, httpVersion } = response;
  const headers = [...endToEnd(rawHeaders), ...framingOf(response)];
  if (pseudonym !== undefined) headers.push('Via', `${httpVersion} ${pseudonym}`);
  exchange.status = statusCode;
  reply.sendDate = false;
  reply.writeHead(statusCode, /^[\t\u0020-\u007e]*$/u.test(statusMessage) ? statusMessage : '', headers);
  return new Promise((resolve) => {
    response.on('data', (chunk: Buffer) => {
      exchange.bytesDown += chunk.length;
      if (!reply.write(chunk)) response.pause();
    });
    reply.on('drain', () => response.resume());
    if (response.readableEnded) reply.end();
    else response.once('end', () => reply.end());
    let isBroken = false;
    const onClose = (): void => {
      if (response.complete) return;
      isBroken = true;
      reply.destroy();
    };
    reply.once('close', () => {
      resolve(isBroken);
      if (!response.complete) response.destroy();
    });
    // It may have broken off while it was looked at.
    if (response.closed) onClose();
    else response.once('close', onClose);
  });
}

/** Chunks are this connection's own affair; a length without them is the message's. */
function framingOf({ headers }: IncomingMessage): string[] {
  const length = headers['content-length'];
  return length === undefined || headers['transfer-encoding'] !== undefined ? [] : ['Content-Length', length];
}
