import type { Socket } from 'node:net';
import { AttemptFailure } from '../failure/index.ts';
import { type AnswerHead, readAnswer } from './head.ts';
import type { DialOptions } from './options.ts';
import { runStep } from './step.ts';

/** Reads exactly so many bytes of a handshake; what follows them stays in the socket. */
export function readBytes(socket: Socket, length: number, options: DialOptions): Promise<Buffer> {
  return read(socket, options, () => {
    const bytes = socket.read(length) as Buffer | null;
    if (bytes === null) return undefined;
    // At its end a stream gives what is left, however little.
    if (bytes.length < length) throw brokenOff();
    return bytes;
  });
}

/** Reads the head of an HTTP answer; what follows it stays in the socket. */
export function readHead(socket: Socket, options: DialOptions): Promise<AnswerHead> {
  let bytes: Buffer = Buffer.alloc(0);
  return read(socket, options, () => {
    for (let chunk = socket.read() as Buffer | null; chunk !== null; chunk = socket.read() as Buffer | null) {
      bytes = bytes.length === 0 ? chunk : Buffer.concat([bytes, chunk]);
    }
    const progress = readAnswer(bytes);
    if (progress.kind === 'more') return undefined;
    if (progress.kind === 'bad') throw brokenProtocol(progress.why);
    const rest = bytes.subarray(progress.head.length);
    if (rest.length > 0) socket.unshift(rest);
    return progress.head;
  });
}

/** A proxy that speaks something else, or breaks the rules of what it speaks. */
export function brokenProtocol(message: string): AttemptFailure {
  return new AttemptFailure(message, { fault: 'proxy', mayFailOver: true, phase: 'handshake' });
}

function brokenOff(): AttemptFailure {
  return brokenProtocol('the connection was closed before the answer was complete');
}

/** Asks `take` whenever there may be more to read, until it gives something. Leaves the socket neither read nor paused. */
function read<T>(socket: Socket, options: DialOptions, take: () => T | undefined): Promise<T> {
  return runStep(socket, { phase: 'handshake', timer: 'headMs', blame: 'proxy' }, options, (done, fail) => {
    const onReadable = (): void => {
      try {
        const value = take();
        if (value !== undefined) done(value);
      } catch (error) {
        fail(error);
      }
    };
    const onEnd = (): void => fail(brokenOff());
    socket.on('readable', onReadable).on('end', onEnd);
    // What has come before is not told again.
    if (socket.readableEnded) onEnd();
    else onReadable();
    return () => socket.off('readable', onReadable).off('end', onEnd);
  });
}
