import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

const usage = `The origin of mulligan's demonstration. It is always well; what fails is on the way to it.

  /            this text
  /json        what the origin saw of the request, as JSON
  /bytes/N     N bytes, at most 100 million
  /echo        what was sent to it
  /status/N    an answer with status N
`;

type Answer = (response: ServerResponse, request: IncomingMessage, argument: number) => Promise<void> | void;

const answers: Readonly<Record<string, Answer>> = {
  '': (response) => sendText(response, 200, usage),
  json(response, { method, url, httpVersion, headers }) {
    const seen = { method, path: url, http_version: httpVersion, headers };
    response.writeHead(200, { 'content-type': 'application/json' }).end(`${JSON.stringify(seen, null, 2)}\n`);
  },
  async bytes(response, _request, size) {
    response.writeHead(200, { 'content-type': 'application/octet-stream', 'content-length': size });
    await pipeline(Readable.from(chunks(size)), response);
  },
  async echo(response, request) {
    response.writeHead(200, { 'content-type': request.headers['content-type'] ?? 'application/octet-stream' });
    await pipeline(request, response);
  },
  status: (response, _request, status) => sendText(response, status, `status ${status}\n`),
};

/** What the last part of a path may be, where an answer takes one. */
const ranges: Readonly<Record<string, readonly [min: number, max: number]>> = {
  bytes: [0, 100_000_000],
  status: [200, 599],
};

/** Answers the requests of the demonstration. */
export const answerAsOrigin: RequestListener = (request, response) => {
  const [path = ''] = (request.url ?? '').split('?');
  const [, name = '', argument = ''] = path.split('/');
  const answer = Object.hasOwn(answers, name) ? answers[name] : undefined;
  if (answer === undefined || !fits(name, argument)) {
    sendText(response, 404, usage);
    return;
  }
  // Whoever goes away while an answer is sent needs none.
  Promise.resolve(answer(response, request, Number(argument))).catch(() => response.destroy());
};

function fits(name: string, argument: string): boolean {
  const range = ranges[name];
  if (range === undefined) return argument === '';
  const number = /^\d+$/u.test(argument) ? Number(argument) : Number.NaN;
  return number >= range[0] && number <= range[1];
}

function sendText(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8' }).end(text);
}

function* chunks(size: number): Generator<Buffer> {
  const chunk = Buffer.alloc(65_536, 'mulligan\n');
  for (let left = size; left > 0; left -= chunk.length) yield left < chunk.length ? chunk.subarray(0, left) : chunk;
}
