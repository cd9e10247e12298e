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
  'sends half a ServerHello back': granted((socket) => void socket.end(Buffer.of(22, 3, 3, 0, 90, 2, 0, 0, 86, 3, 3))),
} satisfies Record<string, Misbehaviour>;

/** The name of a fault; `refuses connections` needs no server. */
export type FaultName = keyof typeof faults | keyof typeof tunnelFaults | 'refuses connections';

const misbehaviours: Readonly<Record<string, Misbehaviour>> = { ...faults, ...tunnelFaults };

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
  const server = createServer((socket) => {
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
    url: `http://127.0.0.1:${listener.port}`,
    heads,
    get open() {
      return listener.open;
    },
    close: () => listener.close(),
  };
}
