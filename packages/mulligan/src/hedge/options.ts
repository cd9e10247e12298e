import type { Duration, EventListener, World } from '../kernel/index.ts';

/** A hedge's delay that follows how long calls take. */
export interface QuantileDelay {
  /** The share of calls that should have ended by then, above 0 and below 1: 0.95 hedges the slowest 5 %. */
  readonly quantile: number;
  /** How many calls the estimate remembers, more or less: more is steadier, fewer is quicker. @default 100 */
  readonly age?: number;
  /** With fewer calls than this no hedge is made: nothing is known yet. @default 20 */
  readonly minimumCalls?: number;
  /** Never hedge earlier. @default 1 (source: Finagle) */
  readonly min?: Duration;
}

/** The options of `hedge`. Every one has a default. */
export interface HedgeOptions {
  /**
   * How long to wait for a call before it is made once more beside itself, and again for each further hedge: a time, or
   * a quantile of how long calls take. @default { quantile: 0.95 } (source: The Tail at Scale)
   */
  readonly after?: Duration | QuantileDelay;
  /** How many hedges a call may have, from 1 to 10. @default 1 (source: Polly) */
  readonly hedges?: number;
  /**
   * How many hedges there may be in the long run, as a share of the calls; 1 for one each call.
   * @default 0.05 (source: The Tail at Scale)
   */
  readonly maxExtraLoad?: number;
  /** How many hedges there may be beyond that share for a short time, and at the start. @default 10 */
  readonly burst?: number;
  /** For events. @default the name of the call */
  readonly name?: string;
  /** Listens to the events of this policy only; see `onEvent` for all. */
  readonly onEvent?: EventListener;
  /** Where time comes from. @default systemWorld */
  readonly world?: World;
}
