import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** How a server gives out its file. */
export interface FileRules {
  readonly content: Buffer;
  /** @default '"v1"'; `undefined` for none */
  readonly etag?: string | undefined;
  /** None by default. */
  readonly lastModified?: string;
  /** Whether ranges are heeded. @default true */
  readonly ranges?: boolean;
  /** Whether `If-Range` is heeded. @default true */
  readonly conditions?: boolean;
  /** Without: the length is not told. @default true */
  readonly length?: boolean;
  readonly headers?: Record<string, string>;
  /** After how many bytes of a body the connection is cut; `undefined`: never. @param n which request, from 1 */
  readonly cutAfter?: (n: number) => number | undefined;
  /** How fast the line is. @default as fast as it takes it */
  readonly pace?: Pace;
  /** Answers itself; `true` when it has done so. */
  readonly answer?: ((request: IncomingMessage, response: ServerResponse, n: number) => boolean | void) | undefined;
}

/** So many bytes, then a pause. */
export interface Pace {
  readonly bytes: number;
  readonly everyMs?: number;
  /** Is awaited after each write. @param sent which bytes of the file have gone out with this response */
  readonly line?: (response: ServerResponse, sent: { start: number; end: number }) => Promise<void>;
}

/** What was asked for. */
export interface SeenFileRequest {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
}

/** A server with one file, which keeps account of what it sends. */
export interface FileServer {
  readonly url: string;
  readonly requests: readonly SeenFileRequest[];
  /** How many bytes of bodies went onto the network. */
  readonly sentBytes: number;
  /** Changes how the file is given out. */
  rules: FileRules;
  close(): Promise<void>;
}

/** Serves a file on a free port of the loopback address. */
export async function serveFile(rules: FileRules): Promise<FileServer> {
  const requests: SeenFileRequest[] = [];
  let sentBytes = 0;
  const count = (bytes: number): void => void (sentBytes += bytes);
  const server = createServer((request, response) => {
    const n = requests.push({ path: request.url ?? '', headers: request.headers });
    response.on('error', () => {});
    if (served.rules.answer?.(request, response, n) === true) return;
    void respond(served.rules, request, response, { cutAfter: served.rules.cutAfter?.(n), count });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const served: FileServer = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/file.bin`,
    requests,
    get sentBytes() {
      return sentBytes;
    },
    rules,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => void server.close(resolve));
    },
  };
  return served;
}

interface Sending {
  readonly cutAfter: number | undefined;
  readonly count: (bytes: number) => void;
}

async function respond(rules: FileRules, request: IncomingMessage, response: ServerResponse, sending: Sending) {
  const { content, length = true, pace } = rules;
  setHeaders(rules, response);
  const [, from, to] = rangeOf(rules, request) ?? [];
  const start = Number(from ?? 0);
  const end = to ? Math.min(Number(to) + 1, content.length) : content.length;
  if (from !== undefined && start >= content.length) {
    response.writeHead(416, { 'content-range': `bytes */${content.length}` }).end();
    return;
  }
  if (from !== undefined) response.setHeader('content-range', `bytes ${start}-${end - 1}/${content.length}`);
  if (length) response.setHeader('content-length', end - start);
  response.writeHead(from === undefined ? 200 : 206);
  await send(content.subarray(start, end), pace, response, { ...sending, start });
}

const etagOf = (rules: FileRules): string | undefined => ('etag' in rules ? rules.etag : '"v1"');

function setHeaders(rules: FileRules, response: ServerResponse): void {
  const { lastModified, headers = {} } = rules;
  const etag = etagOf(rules);
  response.setHeader('date', new Date().toUTCString());
  if (etag !== undefined) response.setHeader('etag', etag);
  if (lastModified !== undefined) response.setHeader('last-modified', lastModified);
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
}

/** The range to heed; `undefined` where all is to be sent. */
function rangeOf(rules: FileRules, { headers }: IncomingMessage): RegExpExecArray | undefined {
  const condition = headers['if-range'];
  const isSame =
    rules.conditions === false ||
    condition === undefined ||
    condition === etagOf(rules) ||
    condition === rules.lastModified;
  const range = /^bytes=(\d+)-(\d*)$/.exec(headers.range ?? '');
  return (rules.ranges ?? true) && isSame && range !== null ? range : undefined;
}

/** Waits for the network: what is counted has been taken by it. */
async function send(
  body: Buffer,
  pace: Pace = { bytes: body.length },
  response: ServerResponse,
  { cutAfter, count, start }: Sending & { readonly start: number },
) {
  const { bytes, everyMs = 0, line } = pace;
  const limit = Math.min(cutAfter ?? body.length, body.length);
  const isClosed = new Promise((resolve) => void response.once('close', resolve));
  for (let at = 0; at < limit; at += bytes) {
    if (response.destroyed) return;
    const piece = body.subarray(at, Math.min(at + bytes, limit));
    count(piece.length);
    const isSent = new Promise((resolve) => void response.write(piece, resolve));
    await Promise.race([isClosed, isSent]);
    await line?.(response, { start, end: start + at + piece.length });
    if (everyMs > 0) await new Promise((resolve) => void setTimeout(resolve, everyMs));
  }
  if (cutAfter === undefined || cutAfter > body.length) {
    response.end();
    return;
  }
  // Data and the end that come at once are one event to a client, and the data may be lost to it.
  for (let turn = 0; turn < 8; turn++) await new Promise((resolve) => void setTimeout(resolve, 4));
  response.socket?.destroySoon();
}
