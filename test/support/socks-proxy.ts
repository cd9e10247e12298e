import { createServer, type Socket } from 'node:net';
import { type Listening, listening } from './listening.ts';

/** One step of a scripted exchange: waits for exactly so many bytes, then answers with these. */
export type SocksStep = readonly [expects: number, answer: Uint8Array | string];

/** A SOCKS proxy that follows a script, byte for byte as the RFCs write it. */
export interface ScriptedSocks extends Pick<Listening, 'port' | 'open' | 'close'> {
  /** What it was sent in each step, as hexadecimal digits. */
  readonly received: readonly string[];
}

/** Starts a server that plays the script for each connection; afterwards it echoes what it is sent. */
export async function startScriptedSocks(...script: SocksStep[]): Promise<ScriptedSocks> {
  const received: string[] = [];
  const play = async (socket: Socket): Promise<void> => {
    const chunks = socket[Symbol.asyncIterator]();
    let bytes: Buffer = Buffer.alloc(0);
    for (const [expects, answer] of script) {
      while (bytes.length < expects) {
        const { value, done } = await chunks.next();
        if (done === true) return;
        bytes = Buffer.concat([bytes, value as Buffer]);
      }
      received.push(bytes.toString('hex', 0, expects));
      bytes = bytes.subarray(expects);
      if (answer === 'close') socket.end();
      else socket.write(answer);
    }
    for await (const chunk of { [Symbol.asyncIterator]: () => chunks }) socket.write(chunk as Buffer);
    socket.end();
  };
  const listener = await listening(createServer((socket) => void play(socket).catch(() => socket.destroy())));
  return {
    port: listener.port,
    received,
    get open() {
      return listener.open;
    },
    close: () => listener.close(),
  };
}
