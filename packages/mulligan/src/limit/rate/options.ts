import type { Duration, EventListener, Policy, World } from '../../kernel/index.ts';

/** The options of `rateLimit`. */
export interface RateLimitOptions {
  /** How many calls may begin within `per`. */
  readonly permits: number;
  /** At least 1 ms. @default '1s' */
  readonly per?: Duration;
  /**
   * With `burst` the calls are spread evenly, one each `per / permits`, and so many may be ahead of that (a token
   * bucket of this size): 1 for none. Within `per` as many as `burst + permits` may then begin.
   * @default none: in no stretch of time as long as `per` do more than `permits` calls begin, and they begin as soon
   * as that allows
   */
  readonly burst?: number;
  /** How long a call may wait for its turn; what would have to wait longer is refused at once. @default '5s' (source: resilience4j) */
  readonly maxWait?: Duration;
  /** How many calls may wait. @default as many as `maxWait` allows */
  readonly queue?: number;
  /** For events and errors. @default 'rateLimit' */
  readonly name?: string;
  /** Listens to the events of this policy only; see `onEvent` for all. */
  readonly onEvent?: EventListener;
  /** Where time comes from. @default systemWorld */
  readonly world?: World;
}

/** What can be said about a rate limit at one moment. */
export interface RateLimitSnapshot {
  readonly name: string;
  /** Calls that wait now. */
  readonly queued: number;
  /** How long a new call would have to wait. */
  readonly waitMs: number;
}

/** A policy that lets only so many calls begin within a time. */
export interface RateLimit extends Policy {
  readonly name: string;
  /** Takes a permit, if one is free and nobody waits. For what is not a call of this policy. */
  tryAcquire(): boolean;
  snapshot(): RateLimitSnapshot;
}
