import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/**
 * The connections that still owe an answer. A client may send requests ahead of their answers, but one that makes a
 * tunnel of the connection would be answered before those that came first.
 */
export class Unanswered {
  readonly #counts = new WeakMap<Socket, number>();

  begin(socket: Socket, reply: ServerResponse): void {
    this.#add(socket, 1);
    reply.once('close', () => this.#add(socket, -1));
  }

  has(socket: Socket): boolean {
    return (this.#counts.get(socket) ?? 0) > 0;
  }

  #add(socket: Socket, change: number): void {
    this.#counts.set(socket, (this.#counts.get(socket) ?? 0) + change);
  }
}
