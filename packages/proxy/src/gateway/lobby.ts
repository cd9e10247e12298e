import type { Socket } from 'node:net';
import type { Timer, World } from 'mulligan';

/** How many connections are served at the same time, and how many others wait how long for that. */
export interface LobbyTerms {
  readonly connections: number;
  readonly queue: number;
  readonly queueMs: number;
  readonly world: World;
  /** Tells a connection that there is no room for it. */
  readonly refuse: (socket: Socket) => void;
}

interface Waiting {
  readonly timer: Timer;
  readonly serve: () => void;
}

/** Where connections wait while there are too many: the first to come is the first to be served. */
export class Lobby {
  readonly #terms: LobbyTerms;
  readonly #waiting = new Map<Socket, Waiting>();
  #served = 0;

  constructor(terms: LobbyTerms) {
    this.#terms = terms;
  }

  /** Serves a connection: now, later, or never. */
  receive(socket: Socket, serve: () => void): void {
    const { connections, queue, queueMs, world, refuse } = this.#terms;
    if (this.#served < connections) {
      this.#serve(socket, serve);
      return;
    }
    if (this.#waiting.size >= queue || queueMs === 0) {
      refuse(socket);
      return;
    }
    const timer = world.setTimer(() => {
      this.#waiting.delete(socket);
      refuse(socket);
    }, queueMs);
    this.#waiting.set(socket, { timer, serve });
    socket.once('close', () => this.#leave(socket)?.timer.cancel());
  }

  #leave(socket: Socket): Waiting | undefined {
    const waiting = this.#waiting.get(socket);
    this.#waiting.delete(socket);
    return waiting;
  }

  #serve(socket: Socket, serve: () => void): void {
    this.#served++;
    socket.once('close', () => {
      this.#served--;
      this.#next();
    });
    serve();
  }

  #next(): void {
    const [first] = this.#waiting.keys();
    if (first === undefined) return;
    const waiting = this.#leave(first);
    if (waiting === undefined) return;
    waiting.timer.cancel();
    this.#serve(first, waiting.serve);
  }
}
