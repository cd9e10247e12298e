import { createServer, type Socket } from 'node:net';
import { type Listening, listening, startRefusing } from './listening.ts';

/** What a faulty proxy does with a connection, once the head of a request is complete. */
type Misbehaviour = (socket: Socket, head: string) => void;

const answer =
  (text: string): Misbehaviour =>
  (socket) =>
    void socket.end(text);

const status = (line: string, ...fields: string[]): Misbehaviour =>
  answer([`HTTP/1.1 ${line}`, 'Content-Length: 0', 'Connection: close', ...fields, '', ''].join('\r\n'));

/** Grants a tunnel, waits for the first bytes that go through it, and then misbehaves. */
const granted =
  (then: (socket: Socket) => void): Misbehaviour =>
  (socket) => {
    socket.write('HTTP/1.1 200 OK\r\n\r\n');
    socket.once('data', () => then(socket));
  };

/** Writes one byte after the other, for ever. */
function drip(socket: Socket, text: string): void {
  let at = 0;
  const timer = setInterval(() => socket.write(text[at++ % text.length] ?? ''), 5);
  socket.once('close', () => clearInterval(timer));
}

/** Kinds of fault of an upstream proxy, for a request of any kind. */
export const faults = {
  'resets the connection': (socket) => void socket.resetAndDestroy(),
  'closes without an answer': (socket) => void socket.end(),
  'never answers': () => {},
  'answers 403': status('403 Forbidden'),
  'answers 407': status('407 Proxy Authentication Required', 'Proxy-Authenticate: Basic realm="x"'),
  'answers 429': status('429 Too Many Requests', 'Retry-After: 7'),
  'answers 500': status('500 Internal Server Error'),
  'answers 502': status('502 Bad Gateway'),
  'answers 503': status('503 Service Unavailable'),
  'answers 504': status('504 Gateway Timeout'),
  redirects: status('302 Found', 'Location: http://captive.example/'),
  'speaks another protocol': answer('SSH-2.0-OpenSSH_9.2p1 Debian-2\r\n'),
  'answers noise': answer('\u0000\u0001\u0002\u0003'),
  'answers half a head': answer('HTTP/1.1 200 OK\r\nVia: 1.1 he'),
  'answers half a head and stops': (socket) => void socket.write('HTTP/1.1 200 OK\r\nVia: 1.1 he'),
  'drips its head': (socket) => drip(socket, 'HTTP/1.1 200 OK\r\nX-Endless: '.padEnd(20_000, 'x')),
  'answers an endless head': answer(`HTTP/1.1 200 OK\r\nX-Long: ${'x'.repeat(40_000)}`),
} satisfies Record<string, Misbehaviour>;

/** Kinds of fault that only show after a tunnel has been granted. */
export const tunnelFaults = {
  'grants a tunnel and closes it': answer('HTTP/1.1 200 OK\r\n\r\n'),
  'closes the tunnel at its first bytes': granted((socket) => void socket.end()),
  'resets the tunnel at its first bytes': granted((socket) => void socket.resetAndDestroy()),
  'sends nothing back through the tunnel': granted(() => {}),
  'sends noise back through the tunnel': granted((socket) => void socket.write('HTTP/1.1 502 Bad Gateway\r\n\r\n')),
  'sends a TLS alert back': granted((socket) => void socket.end(Buffer.of(21, 3, 3, 0, 2, 2, 40))),
  'glues noise to its grant': answer('HTTP/1.1 200 OK\r\n\r\n\u0000\u0001 noise'),
  'grants with a page of its own': answer('HTTP/1.1 200 OK\r\nContent-Length: 18\r\n\r\n<h1>Log in</h1>\r\n\r\n'),
  'sends half a ServerHello back': granted((socket) => void socket.end(Buffer.of(22, 3, 3, 0, 90, 2, 0, 0, 86, 3, 3))),
} satisfies Record<string, Misbehaviour>;

/** How a proxy of another scheme, or before any head, fails. */
interface ConnectionFault {
  readonly scheme: 'http' | 'https' | 'socks5h';
  readonly misbehave: (socket: Socket) => void;
}

const socks = (misbehave: (socket: Socket) => void): ConnectionFault => ({ scheme: 'socks5h', misbehave });

/** Answers the greeting, and then the request, of SOCKS5. */
const socksAnswers = (...answers: (Buffer | 'close')[]): ConnectionFault =>
  socks((socket) => {
    socket.on('data', () => {
      const next = answers.shift();
      if (next === 'close') socket.end();
      else if (next !== undefined) socket.write(next);
    });
  });

const agreed = Buffer.of(5, 0);
const socksReply = (code: number): Buffer => Buffer.of(5, code, 0, 1, 0, 0, 0, 0, 0, 0);

/** Kinds of fault that show before a request can be made, or in the speech of another kind of proxy. */
export const connectionFaults = {
  'closes every connection at once': () => ({ scheme: 'http', misbehave: (socket) => void socket.end() }),
  'resets every connection at once': () => ({ scheme: 'http', misbehave: (socket) => void socket.resetAndDestroy() }),
  'is no TLS server': () => ({ scheme: 'https', misbehave: (socket) => void socket.end('HTTP/1.1 400 Bad\r\n\r\n') }),
  'never ends its TLS handshake': () => ({ scheme: 'https', misbehave: () => {} }),
  'breaks off its TLS handshake': () => ({
    scheme: 'https',
    misbehave: (socket) => void socket.once('data', () => socket.end(Buffer.of(22, 3, 3, 0, 90, 2))),
  }),
  'never answers SOCKS5': () => socksAnswers(),
  'closes after the SOCKS5 greeting': () => socksAnswers('close'),
  'is no SOCKS5 server': () => socksAnswers(Buffer.from('HTTP/1.1 400 Bad Request\r\n\r\n')),
  'wants other SOCKS5 credentials': () => socksAnswers(Buffer.of(5, 255)),
  'fails by SOCKS5 code 1': () => socksAnswers(agreed, socksReply(1)),
  'forbids by SOCKS5 code 2': () => socksAnswers(agreed, socksReply(2)),
  'answers half a SOCKS5 reply': () => socksAnswers(agreed, Buffer.of(5, 0, 0)),
  'closes in the middle of a SOCKS5 reply': () =>
    socks((socket) => {
      socket.once('data', () => {
        socket.write(agreed);
        socket.once('data', () => socket.end(Buffer.of(5, 0, 0)));
      });
    }),
} satisfies Record<string, () => ConnectionFault>;

/** The name of a fault; `refuses connections` needs no server. */
export type FaultName =
  | keyof typeof faults
  | keyof typeof tunnelFaults
  | keyof typeof connectionFaults
  | 'refuses connections';

const misbehaviours: Readonly<Record<string, Misbehaviour>> = { ...faults, ...tunnelFaults };
const atConnection: Readonly<Record<string, () => ConnectionFault>> = connectionFaults;

/** A proxy that has one fault. */
export interface FaultyProxy extends Omit<Listening, 'accepted'> {
  readonly url: string;
  /** The heads of the requests that it was given. */
  readonly heads: readonly string[];
}

/** Starts a proxy that has this fault. */
export async function startFaultyProxy(fault: FaultName): Promise<FaultyProxy> {
  const heads: string[] = [];
  if (fault === 'refuses connections') {
    const refusing = await startRefusing();
    return { ...refusing, url: `http://127.0.0.1:${refusing.port}`, heads, open: 0 };
  }
  const scheme = atConnection[fault]?.().scheme ?? 'http';
  const server = createServer((socket) => {
    const early = atConnection[fault]?.();
    if (early !== undefined) {
      early.misbehave(socket);
      return;
    }
    let head = '';
    const onData = (chunk: Buffer): void => {
      head += chunk.toString('latin1');
      if (!head.includes('\r\n\r\n')) return;
      heads.push(head);
      socket.off('data', onData);
      misbehaviours[fault]?.(socket, head);
    };
    socket.on('data', onData);
  });
  const listener = await listening(server);
  return {
    port: listener.port,
    url: `${scheme}://127.0.0.1:${listener.port}`,
    heads,
    get open() {
      return listener.open;
    },
    close: () => listener.close(),
  };
}
