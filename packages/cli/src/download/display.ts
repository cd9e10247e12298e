import type { DownloadProgress } from 'mulligan/download';
import { progressInWords } from './words.ts';

/** Where a download shows itself, such as `process.stderr`. */
export interface Screen {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

/** Shows how far a download is: on a terminal in one line that changes, elsewhere in lines now and then. */
export class Display {
  /** How often to be told. */
  readonly progressEvery: '100ms' | '5s';
  readonly #screen: Screen;
  readonly #isLive: boolean;
  #hasLine = false;

  constructor(screen: Screen) {
    this.#screen = screen;
    this.#isLive = screen.isTTY === true;
    this.progressEvery = this.#isLive ? '100ms' : '5s';
  }

  progress(progress: DownloadProgress): void {
    const words = progressInWords(progress);
    if (!this.#isLive) {
      this.#screen.write(`${words}\n`);
      return;
    }
    // The last column stays free: some terminals begin a new line when it is written to.
    this.#screen.write(`\r\u001B[2K${words.slice(0, (this.#screen.columns ?? 80) - 1)}`);
    this.#hasLine = true;
  }

  /** Writes a line that stays. */
  say(line: string): void {
    this.end();
    this.#screen.write(`${line}\n`);
  }

  /** Leaves the line that changes as it is. */
  end(): void {
    if (this.#hasLine) this.#screen.write('\n');
    this.#hasLine = false;
  }
}
