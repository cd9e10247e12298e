import type { GiveUpReason, Outcome, WaitSource } from '../kernel/index.ts';
import type { Verdict } from './decide.ts';

/** One attempt in a {@link Ledger}. Times in milliseconds. */
export interface LedgerEntry {
  /** From 1. */
  readonly number: number;
  /** Since the call began. */
  readonly startedMs: number;
  /**
   * `undefined` only for attempt 1 of a plain retry: without a time limit, a budget, a hook or a listener nothing needs
   * the clock until an attempt has failed, and calls that succeed at once do not pay for reading it.
   */
  readonly durationMs: number | undefined;
  readonly outcome: Outcome<unknown>;
  /** What was decided: it was good, another attempt follows, or why the call was given up. */
  readonly verdict: 'done' | 'retry' | GiveUpReason;
  /** The wait after this attempt, and what decided it; only for the verdict `'retry'`. */
  readonly waitMs: number | undefined;
  readonly waitSource: WaitSource | undefined;
  /** The retries inside of this attempt that had failures of their own; only where the option `nested` is set. */
  readonly nested: readonly Ledger[] | undefined;
}

/** The record of all attempts of a call. */
export interface Ledger {
  readonly name: string;
  /** How many attempts there were. */
  readonly attempts: number;
  /** The attempts, oldest first; of a very long call only the newest 100. */
  readonly entries: readonly LedgerEntry[];
  /** Why the call was given up; `undefined` when it succeeded. */
  readonly reason: GiveUpReason | undefined;
  /** Since the call began; without the first attempt where that was not timed, see {@link LedgerEntry.durationMs}. */
  readonly durationMs: number;
  /** The sum of all waits. */
  readonly waitedMs: number;
}

/** A call without a limit of attempts must not grow without a limit. */
const keptEntries = 100;

const ledgers = new WeakMap<object, Ledger>();

/**
 * The ledger of a call that failed, by its error; of one that was given up or needed several attempts, by its value.
 * Errors and values that are not objects have none.
 */
export function ledgerOf(errorOrValue: unknown): Ledger | undefined {
  return isKey(errorOrValue) ? ledgers.get(errorOrValue) : undefined;
}

/** Remembers a call's ledger for as long as its error or value lives. A call that succeeded at once has none. */
export function keepLedger(outcome: Outcome<unknown>, ledger: Ledger): void {
  if (outcome.ok && ledger.reason === undefined && ledger.attempts === 1) return;
  const key = outcome.ok ? outcome.value : outcome.error;
  if (isKey(key)) ledgers.set(key, ledger);
}

function isKey(value: unknown): value is object {
  return (typeof value === 'object' && value !== null) || typeof value === 'function';
}

/** What the ledger is told of an attempt beside how it ended. */
export interface AttemptFacts {
  /** When the attempt began; `undefined` when nobody looked at the clock then. */
  readonly startedMs: number | undefined;
  readonly endedMs: number;
  readonly nested: readonly Ledger[] | undefined;
}

/** Writes the ledger of one call. */
export class LedgerBook {
  readonly name: string;
  /** When the call began; `undefined` until something needs the clock. */
  startedMs: number | undefined;
  /** The sum of all waits announced so far. */
  waitedMs = 0;
  /** The newest error; a value that was not accepted is none. */
  lastError: unknown;
  #entries: LedgerEntry[] | undefined;
  #attempts = 0;

  constructor(name: string, startedMs: number | undefined) {
    this.name = name;
    this.startedMs = startedMs;
  }

  write(outcome: Outcome<unknown>, verdict: Verdict | undefined, { startedMs, endedMs, nested }: AttemptFacts): void {
    if (!outcome.ok) this.lastError = outcome.error;
    const isRetry = verdict?.kind === 'retry';
    const entry: LedgerEntry = {
      number: ++this.#attempts,
      startedMs: (startedMs ?? endedMs) - (this.startedMs ?? endedMs),
      durationMs: startedMs === undefined ? undefined : endedMs - startedMs,
      outcome,
      verdict: isRetry ? 'retry' : (verdict?.reason ?? 'done'),
      waitMs: isRetry ? verdict.waitMs : undefined,
      waitSource: isRetry ? verdict.source : undefined,
      nested,
    };
    // A list that is made with its first entry has room for no more, which is what most waiting calls need.
    if (this.#entries === undefined) this.#entries = [entry];
    else this.#entries.push(entry);
    if (this.#entries.length > keptEntries) this.#entries.shift();
  }

  /** Ends the ledger. */
  close(reason: GiveUpReason | undefined, nowMs: number): Ledger {
    const { name, waitedMs } = this;
    const durationMs = nowMs - (this.startedMs ?? nowMs);
    return { name, attempts: this.#attempts, entries: this.#entries ?? [], reason, durationMs, waitedMs };
  }
}
