/** A timer of a {@link World}. */
export interface Timer {
  /** Ends the timer; its callback will not run. Ending it twice does nothing. */
  cancel(): void;
  /** Lets the process exit although the timer is pending, where the platform knows of that. */
  unref(): void;
  /** Takes {@link Timer.unref} back. */
  ref(): void;
}

/**
 * Time and chance. Everything in mulligan takes both from a world and from nowhere else, so that a test which
 * passes its own world (see `virtualWorld` in `mulligan/testing`) decides what time it is and what falls.
 */
export interface World {
  /** Milliseconds on a clock that never jumps or runs back. Only differences mean something. */
  readonly now: () => number;
  /** Milliseconds since 1970-01-01 UTC by the wall clock, for dates that people or servers read. */
  readonly wallNow: () => number;
  /** A number from 0 (inclusive) to 1 (exclusive). */
  readonly random: () => number;
  /** Runs the callback once, not before `delayMs` have passed. Any length is allowed, `Infinity` never ends. */
  readonly setTimer: (callback: () => void, delayMs: number) => Timer;
  /** Blocks the thread. @throws {MulliganError} where the platform cannot block */
  readonly sleepSync: (delayMs: number) => void;
}
