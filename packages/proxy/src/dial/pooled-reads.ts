import type { OnReadOpts, Socket } from 'node:net';

/** What a quiet connection reads into, and one that is flooded. In bytes. */
const [smallBytes, largeBytes] = [1024, 65_536];

/** Large buffers that nobody uses now; so many are kept. */
const free: Buffer[] = [];
const mostFree = 64;

/**
 * Reads of a socket into buffers that are used again. A socket that makes a new buffer for every read makes the
 * garbage collector go over the whole heap every few dozen megabytes. Until {@link PooledReads.pipeTo} the socket is a
 * stream like any other.
 */
export class PooledReads {
  /** The `onread` option of `net.connect`. */
  readonly onread: OnReadOpts;
  #small: Buffer = Buffer.allocUnsafeSlow(smallBytes);
  #current: Buffer = this.#small;
  #to: Socket | undefined;

  constructor() {
    const take = (socket: Socket, length: number): boolean => this.#take(socket, length);
    this.onread = {
      buffer: () => this.#current,
      callback(this: Socket, length: number) {
        return take(this, length);
      },
    };
  }

  /** From now on all that comes is written to another socket. */
  pipeTo(from: Socket, to: Socket): void {
    for (let chunk = from.read() as Buffer | null; chunk !== null; chunk = from.read() as Buffer | null)
      to.write(chunk);
    this.#to = to;
    to.on('drain', () => from.resume());
    from.once('close', () => {
      if (to.writableLength === 0) this.#leaveLarge();
    });
    if (!to.writableNeedDrain) from.resume();
  }

  /** @returns whether to read on */
  #take(from: Socket, length: number): boolean {
    const chunk = this.#current.subarray(0, length);
    const to = this.#to;
    if (to === undefined) return from.push(Buffer.from(chunk));
    const isRoom = to.write(chunk);
    // What is still being written must be left alone. Without room nothing is read until all of it is gone.
    if (to.writableLength > 0) {
      if (isRoom) this.#abandon();
      return isRoom;
    }
    if (length === smallBytes) this.#current = takeLarge();
    else if (length < smallBytes) this.#leaveLarge();
    return true;
  }

  #abandon(): void {
    if (this.#current === this.#small) this.#current = this.#small = Buffer.allocUnsafeSlow(smallBytes);
    else this.#current = takeLarge();
  }

  #leaveLarge(): void {
    if (this.#current === this.#small) return;
    if (free.length < mostFree) free.push(this.#current);
    this.#current = this.#small;
  }
}

function takeLarge(): Buffer {
  return free.pop() ?? Buffer.allocUnsafeSlow(largeBytes);
}

const readsOf = new WeakMap<Socket, PooledReads>();

/** Remembers that a socket was made with pooled reads. */
export function rememberReads(socket: Socket, reads: PooledReads): void {
  readsOf.set(socket, reads);
}

/** Writes all that comes from a socket to another one, if its reads are pooled; false if they are not. */
export function pipePooled(from: Socket, to: Socket): boolean {
  const reads = readsOf.get(from);
  reads?.pipeTo(from, to);
  return reads !== undefined;
}
