import type { IncomingMessage, ServerResponse } from 'node:http';
import { endToEnd } from './end-to-end.ts';
import type { Exchange } from './exchange.ts';

/**
 * Hands a response on to the client, and ends when the client has it all or is gone. A response that breaks off
 * breaks off for the client, too: it must never look complete.
 */
export function deliver(
  response: IncomingMessage,
  reply: ServerResponse,
  exchange: Exchange,
  pseudonym: string | undefined,
): Promise<void> {
  if (reply.closed) {
    response.destroy();
    return Promise.resolve();
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
    response.once('end', () => reply.end());
    response.once('close', () => {
      if (!response.complete) reply.destroy();
    });
    reply.once('close', () => {
      if (!response.complete) response.destroy();
      resolve();
    });
  });
}

/** Chunks are this connection's own affair; a length without them is the message's. */
function framingOf({ headers }: IncomingMessage): string[] {
  const length = headers['content-length'];
  return length === undefined || headers['transfer-encoding'] !== undefined ? [] : ['Content-Length', length];
}
