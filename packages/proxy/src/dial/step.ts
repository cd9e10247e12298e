import type { Socket } from 'node:net';
import { formatMs, systemWorld } from 'mulligan';
import { AttemptFailure, type FailurePhase, type Fault } from '../failure/index.ts';
import { type DialOptions, type DialTimers, limitOf } from './options.ts';

/** One step of a dial. */
export interface Step {
  readonly phase: FailurePhase;
  /** Which timer bounds it. */
  readonly timer: keyof DialTimers;
  /** Whose fault it is when the step fails. */
  readonly blame: Fault;
}

/** Errors of this machine, not of anybody who was dialled: nobody is charged. */
const ownCodes: ReadonlySet<string> = new Set(['EMFILE', 'ENFILE', 'ENOBUFS', 'ENOMEM', 'EADDRNOTAVAIL', 'ENETDOWN']);

/**
 * Waits until `begin` calls `done`. When it fails, times out, is aborted or loses its socket first, the socket is
 * destroyed and the promise rejects. `begin` returns how to take its listeners away again.
 */
export function runStep<T>(
  socket: Socket,
  step: Step,
  options: DialOptions,
  begin: (done: (value: T) => void, fail: (error: unknown) => void) => () => void,
): Promise<T> {
  const { world = systemWorld } = options;
  return new Promise((resolve, reject) => {
    let isOver = false;
    const leave = (): void => {
      isOver = true;
      timer.cancel();
      stopListening();
      socket.off('error', fail).off('close', onClose);
      stop();
    };
    const end = (reason: unknown): void => {
      leave();
      socket.destroy();
      reject(reason);
    };
    const done = (value: T): void => {
      leave();
      resolve(value);
    };
    const fail = (error: unknown): void => end(toFailure(error, step));
    const onClose = (): void => end(failure(step, 'the connection was closed', undefined));
    const limitMs = limitOf(step.timer, options);
    const timer = world.setTimer(() => end(timedOut(step, limitMs)), limitMs);
    let stop: () => void = nothing;
    let stopListening: () => void = nothing;
    socket.on('error', fail).on('close', onClose);
    stopListening = listenTo(options, end);
    if (!isOver) stop = begin(done, fail);
    if (isOver) stop();
  });
}

function nothing(): void {}

/** An abort that has happened before is told at once. */
function listenTo({ signal, onAbort }: DialOptions, end: (reason: unknown) => void): () => void {
  if (onAbort !== undefined) return onAbort(end);
  if (signal === undefined) return nothing;
  if (signal.aborted) {
    end(signal.reason);
    return nothing;
  }
  const onSignal = (): void => end(signal.reason);
  signal.addEventListener('abort', onSignal);
  return () => signal.removeEventListener('abort', onSignal);
}

function timedOut(step: Step, limitMs: number): AttemptFailure {
  const what = {
    connect: 'no connection',
    tls: 'no TLS',
    handshake: 'no answer',
    head: 'no answer',
    body: 'no answer',
  };
  const cause = Object.assign(new Error('timed out'), { code: 'ETIMEDOUT' });
  return failure(step, `${what[step.phase]} within ${formatMs(limitMs)}`, cause);
}

function toFailure(error: unknown, step: Step): AttemptFailure {
  if (error instanceof AttemptFailure) return error;
  const { code, message } = error as NodeJS.ErrnoException;
  const blame = code !== undefined && ownCodes.has(code) ? 'client' : step.blame;
  return failure({ ...step, blame }, sentenceOf(code) ?? message, error);
}

/** In no step of a dial has anything irreversible happened. */
function failure({ phase, blame }: Step, message: string, cause: unknown): AttemptFailure {
  return new AttemptFailure(message, { fault: blame, mayFailOver: true, phase, cause });
}

const sentences: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'the connection was refused',
  ECONNRESET: 'the connection was reset',
  EPIPE: 'the connection was reset',
  ETIMEDOUT: 'no connection in time',
  ENOTFOUND: 'the name is not known',
  EAI_AGAIN: 'the name could not be looked up',
  EHOSTUNREACH: 'the host cannot be reached',
  ENETUNREACH: 'the network cannot be reached',
};

function sentenceOf(code: string | undefined): string | undefined {
  return code === undefined ? undefined : sentences[code];
}
