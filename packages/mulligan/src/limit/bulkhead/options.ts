import type { Duration, EventListener, Policy, World } from '../../kernel/index.ts';

/** The options of `bulkhead`. Every one has a default. */
export interface BulkheadOptions {
  /** How many calls may run at the same time. @default 25 (source: resilience4j) */
  readonly concurrent?: number;
  /** How many calls may wait for room; `Infinity` for no limit. @default 0: what finds no room is refused */
  readonly queue?: number;
  /** How long a call may wait for room. @default as long as its caller does */
  readonly queueTimeout?: Duration;
  /**
   * Who gets the next free place: the call that has waited longest, or the one that came last. Under overload the last
   * is the one whose caller is most likely still there. @default 'fifo'
   */
  readonly order?: 'fifo' | 'lifo';
  /** For events and errors. @default 'bulkhead' */
  readonly name?: string;
  /** Listens to the events of this policy only; see `onEvent` for all. */
  readonly onEvent?: EventListener;
  /** Where time comes from. @default systemWorld */
  readonly world?: World;
}

/** What can be said about a bulkhead at one moment. */
export interface BulkheadSnapshot {
  readonly name: string;
  /** Calls that run now. */
  readonly active: number;
  /** Calls that wait now. */
  readonly queued: number;
  readonly concurrent: number;
  readonly queue: number;
}

/** A policy that lets only so many calls run at the same time. */
export interface Bulkhead extends Policy {
  readonly name: string;
  snapshot(): BulkheadSnapshot;
}
