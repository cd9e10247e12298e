import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { freePort } from '../support/listening.ts';

const script = fileURLToPath(new URL('upstream.mjs', import.meta.url));

/** A proxy in a process of its own, which can be killed and started again at the same place. */
export class Upstream {
  readonly host: string;
  readonly port: number;
  #process: ChildProcess | undefined;

  private constructor(host: string, port: number) {
    this.host = host;
    this.port = port;
  }

  /** Each has a loopback address of its own: nobody else is given its port while it is down. */
  static async start(number: number): Promise<Upstream> {
    const upstream = new Upstream(`127.0.10.${number}`, await freePort());
    await upstream.start();
    return upstream;
  }

  get isRunning(): boolean {
    return this.#process !== undefined;
  }

  async start(): Promise<void> {
    const child = fork(script, [this.host, String(this.port)], { execArgv: [] });
    await once(child, 'message');
    this.#process = child;
  }

  /** As by a power cut: nothing is said to anybody. */
  async kill(): Promise<void> {
    const child = this.#process;
    if (child === undefined) return;
    this.#process = undefined;
    child.kill('SIGKILL');
    await once(child, 'exit');
  }

  /** How many connections it holds. */
  async open(): Promise<number> {
    this.#process?.send('open?');
    const [count] = this.#process === undefined ? [0] : ((await once(this.#process, 'message')) as [number]);
    return count;
  }
}
