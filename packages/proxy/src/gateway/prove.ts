import type { Socket } from 'node:net';
import type { Timer, World } from 'mulligan';
import { AttemptFailure, type Fault } from '../failure/index.ts';
import { readReturn } from './client-hello.ts';
import type { FirstFlight } from './first-flight.ts';
import { judgeTunnel } from './proof.ts';

/** A client that says nothing for so long wants the server to speak first, or has opened the tunnel for later. */
const silenceMs = 1000;

/** What {@link proveTunnel} goes by. */
export interface TunnelTrial {
  readonly upstream: Socket;
  /** What the client has sent so far; it is sent to the upstream, and kept. */
  readonly flight: FirstFlight;
  readonly world: World;
  /** Calls the listener when the attempt is aborted, and returns how to stop listening. */
  readonly onAbort: (listener: (reason: unknown) => void) => () => void;
  /** How long the first bytes may take to come back. */
  readonly responseMs: number;
  /** How long is waited for the client when the target speaks first. */
  readonly glanceMs: number;
  /** On the world's monotonic clock: a tunnel that is merely silent is handed over well before. */
  readonly deadlineMs: number;
  readonly isLast: boolean;
  /** Whose fault it is when the tunnel turns out to lead nowhere. */
  readonly blame: Fault;
}

/**
 * Watches a granted tunnel until it has shown that it leads to its target, or that it does not.
 * @returns what has come back, which is read from the upstream's socket already
 * @throws {AttemptFailure} when another proxy should be tried; this one's connection is destroyed
 */
export function proveTunnel(trial: TunnelTrial): Promise<Buffer> {
  return new Promise((resolve, reject) => new Trial(trial, resolve, reject).begin());
}

const nothing = Buffer.alloc(0);

class Trial {
  readonly #trial: TunnelTrial;
  readonly #resolve: (returned: Buffer) => void;
  readonly #reject: (reason: unknown) => void;
  #returned: Buffer = nothing;
  #isClosed = false;
  #isOverdue = false;
  #timer: Timer | undefined;
  #isOver = false;
  #stopListening: () => void = () => {};

  constructor(trial: TunnelTrial, resolve: (returned: Buffer) => void, reject: (reason: unknown) => void) {
    this.#trial = trial;
    this.#resolve = resolve;
    this.#reject = reject;
  }

  begin(): void {
    const { upstream, flight, onAbort } = this.#trial;
    flight.listener = this.#onSent;
    upstream.on('readable', this.#onReturned).on('end', this.#onClosed).on('close', this.#onClosed);
    if (flight.bytes.length > 0) upstream.write(flight.bytes);
    this.#wait();
    this.#stopListening = onAbort(this.#onAbort);
    // What has happened before is not told again.
    if (this.#isOver) return;
    if (upstream.destroyed || upstream.readableEnded) this.#onClosed();
    else if (!this.#takeReturned()) this.#judge();
  }

  #wait(): void {
    const { flight, responseMs, glanceMs, deadlineMs, world } = this.#trial;
    const ownMs = this.#returned.length > 0 ? glanceMs : silenceMs;
    const limitMs = flight.kind === 'empty' ? ownMs : responseMs;
    this.#timer?.cancel();
    this.#timer = world.setTimer(this.#onOverdue, Math.min(limitMs, (deadlineMs - world.now()) / 2));
  }

  #judge(): void {
    const { flight, isLast } = this.#trial;
    const [isClosed, isOverdue] = [this.#isClosed, this.#isOverdue];
    const returned = this.#returned.length === 0 ? 'nothing' : readReturn(this.#returned);
    // Of a client that has ended nothing more is to be expected, so there is nothing to wait for.
    const kind = flight.hasEnded ? 'other' : flight.kind;
    const verdict = judgeTunnel({ flight: kind, returned, isClosed, isOverdue, isLast });
    if (verdict === 'commit') this.#commit();
    else if (verdict === 'fail') this.#fail(this.#unproven());
  }

  readonly #commit = (): void => {
    this.#leave();
    this.#resolve(this.#returned);
  };

  #fail(reason: unknown): void {
    this.#leave();
    this.#trial.upstream.destroy();
    this.#reject(reason);
  }

  #leave(): void {
    const { upstream, flight } = this.#trial;
    this.#isOver = true;
    this.#timer?.cancel();
    this.#stopListening();
    flight.listener = undefined;
    upstream.off('readable', this.#onReturned).off('end', this.#onClosed).off('close', this.#onClosed);
  }

  readonly #onAbort = (reason: unknown): void => this.#fail(reason);

  readonly #onOverdue = (): void => {
    this.#isOverdue = true;
    this.#judge();
  };

  readonly #onClosed = (): void => {
    this.#isClosed = true;
    this.#judge();
  };

  readonly #onSent = (chunk: Buffer | undefined): void => {
    const { flight, upstream } = this.#trial;
    if (chunk !== undefined) {
      upstream.write(chunk);
      if (flight.bytes.length === chunk.length) this.#wait();
    }
    this.#judge();
  };

  readonly #onReturned = (): void => void this.#takeReturned();

  #takeReturned(): boolean {
    const chunk = this.#trial.upstream.read() as Buffer | null;
    if (chunk === null) return false;
    const isFirst = this.#returned.length === 0;
    this.#returned = isFirst ? chunk : Buffer.concat([this.#returned, chunk]);
    if (isFirst && this.#trial.flight.kind === 'empty') this.#wait();
    this.#judge();
    return true;
  }

  #unproven(): AttemptFailure {
    const details = { fault: this.#trial.blame, isAmbiguous: true, mayFailOver: true, phase: 'handshake' } as const;
    if (this.#isClosed) return new AttemptFailure('the tunnel was closed before anything came back', details);
    if (!this.#isOverdue) return new AttemptFailure('what came back through the tunnel is not TLS', details);
    const cause = Object.assign(new Error('timed out'), { code: 'ETIMEDOUT' });
    return new AttemptFailure('nothing came back through the tunnel', { ...details, cause });
  }
}
