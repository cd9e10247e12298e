import type { Duration, EventListener, World } from '../kernel/index.ts';

/** The options of `timeout`. */
export interface TimeoutOptions {
  /** The time that a call may take, at least 1 ms; `Infinity` for no limit. */
  readonly after: Duration;
  /** For events. @default the name of the call */
  readonly name?: string;
  /** Listens to the events of this policy only; see `onEvent` for all. */
  readonly onEvent?: EventListener;
  /** Where time comes from. @default systemWorld */
  readonly world?: World;
}
