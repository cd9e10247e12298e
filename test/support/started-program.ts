import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout } from 'node:timers/promises';

/** A program that a test has started. */
export interface StartedProgram {
  /** Ends it, and waits until it has ended. */
  close(): Promise<void>;
}

/** Starts a program and waits until it listens on this port of 127.0.0.1. What it prints is in the error if it ends. */
export async function startProgram(path: string, args: readonly string[], port: number): Promise<StartedProgram> {
  // A group of its own: some servers are several processes, which must all end.
  const child = spawn(path, args, { stdio: ['ignore', 'pipe', 'pipe'], detached: true });
  let printed = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => (printed += text));
  const ended = once(child, 'exit');
  const isOver = (): boolean => child.exitCode !== null || child.signalCode !== null;
  const close = async (): Promise<void> => {
    if (!isOver() && child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
    await ended;
  };
  // Only the port says when a server is ready.
  for (let tries = 0; !(await accepts(port)); tries++) {
    if (isOver() || tries === 500) {
      await close();
      throw new Error(`${path} ${args.join(' ')} does not listen on port ${port}\n${printed}`);
    }
    await setTimeout(20);
  }
  return { close };
}

async function accepts(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1');
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}
