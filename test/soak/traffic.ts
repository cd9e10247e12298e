import { Agent, type IncomingMessage, request as sendRequest } from 'node:http';
import { connect, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { tunnelTo } from '../support/client.ts';

/** What became of a request. */
export interface Outcome {
  /** 0 for none. */
  readonly status: number;
  readonly body: string;
  /** Whether something of the answer had come before it failed: then nobody may try it again. */
  readonly hadBegun: boolean;
  readonly error: string | undefined;
  readonly durationMs: number;
}

/** Where requests go, and through what. */
export interface Targets {
  readonly proxyPort: number;
  readonly plain: number;
  readonly secure: number;
  readonly ca: string;
}

interface Progress {
  hasBegun: boolean;
}

const agent = new Agent({ keepAlive: true });

/** Closes what clients keep. */
export function stopClients(): void {
  agent.destroy();
}

async function outcome(work: (progress: Progress) => Promise<{ status: number; body: string }>): Promise<Outcome> {
  const progress: Progress = { hasBegun: false };
  const startedMs = performance.now();
  const ended = (status: number, body: string, error?: string): Outcome => {
    return { status, body, error, hadBegun: progress.hasBegun, durationMs: performance.now() - startedMs };
  };
  return work(progress).then(
    ({ status, body }) => ended(status, body),
    (error: unknown) => ended(0, '', String(error)),
  );
}

async function bodyOf(response: IncomingMessage): Promise<{ status: number; body: string }> {
  let body = '';
  for await (const chunk of response) body += String(chunk);
  return { status: response.statusCode ?? 0, body };
}

/** A plain request over a connection that is kept. */
export function plain({ proxyPort, plain: port }: Targets, path: string, method = 'GET'): Promise<Outcome> {
  return outcome(
    (progress) =>
      new Promise((resolve, reject) => {
        const target = { host: '127.0.0.1', port: proxyPort, path: `http://127.0.0.1:${port}${path}`, method, agent };
        const request = sendRequest({ ...target, headers: { host: `127.0.0.1:${port}` } });
        request.on('error', reject);
        request.on('response', (response) => {
          progress.hasBegun = true;
          bodyOf(response).then(resolve, reject);
        });
        request.end(method === 'POST' ? path : undefined);
      }),
  );
}

/** HTTPS through CONNECT. */
export function secure({ proxyPort, secure: port, ca }: Targets, path: string): Promise<Outcome> {
  return outcome(async (progress) => {
    const socket = await tunnelTo({ proxyPort, url: `https://127.0.0.1:${port}` });
    return overTls(socket, { path, ca, progress });
  });
}

/** HTTPS through SOCKS5. */
export function socks({ proxyPort, secure: port, ca }: Targets, path: string): Promise<Outcome> {
  return outcome(async (progress) => {
    const socket = connect(proxyPort, '127.0.0.1');
    socket.write(Buffer.of(5, 1, 0));
    socket.write(Buffer.of(5, 1, 0, 1, 127, 0, 0, 1, port >> 8, port & 255));
    const reply = await read(socket, 12);
    if (reply[3] !== 0) {
      socket.destroy();
      throw new Error(`SOCKS5 reply ${reply[3]}`);
    }
    return overTls(socket, { path, ca, progress });
  });
}

function read(socket: Socket, length: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const onReadable = (): void => {
      const bytes = socket.read(length) as Buffer | null;
      if (bytes === null) return;
      socket.off('readable', onReadable);
      if (bytes.length === length) resolve(bytes);
      else reject(new Error('closed during the SOCKS5 handshake'));
    };
    socket.on('readable', onReadable).on('error', reject).on('close', reject);
  });
}

async function overTls(
  socket: Socket,
  { path, ca, progress }: { path: string; ca: string; progress: Progress },
): Promise<{ status: number; body: string }> {
  const before = socket.bytesRead;
  const stream = connectTls({ socket, ca, servername: 'localhost' });
  try {
    return await new Promise((resolve, reject) => {
      const headers = { host: 'localhost', connection: 'close' };
      const request = sendRequest({ path, headers, createConnection: () => stream });
      stream.on('error', reject);
      request.on('error', reject).on('response', (response) => void bodyOf(response).then(resolve, reject));
      request.end();
    });
  } finally {
    progress.hasBegun = socket.bytesRead > before;
    stream.destroy();
    socket.destroy();
  }
}
