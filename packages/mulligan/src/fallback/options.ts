import type { AttemptContext, ErrorFilter, EventListener, World } from '../kernel/index.ts';

/**
 * Gives what stands in for the result: a value or a promise of one. `cause` is the error or, with `isFailure`, the
 * value that was not accepted.
 */
export type FallbackFunction<T> = (cause: unknown, context: AttemptContext) => T | PromiseLike<T>;

/** The options of `fallback`. Every one has a default. */
export interface FallbackOptions {
  /**
   * Which errors to answer: an error class, several, or a function. Never an abort by the caller, who does not wait for
   * an answer any more. @default every error
   */
  readonly on?: ErrorFilter;
  /** Which errors not to answer, in the same forms; wins over `on`. */
  readonly unless?: ErrorFilter;
  /** Which values to answer as if they were errors, such as a response with status 503. @default none */
  readonly isFailure?: (value: never) => boolean;
  /** For events. @default the name of the call */
  readonly name?: string;
  /** Listens to the events of this policy only; see `onEvent` for all. */
  readonly onEvent?: EventListener;
  /** Where the time of events comes from. @default systemWorld */
  readonly world?: World;
}
