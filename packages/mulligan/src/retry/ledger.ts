import type { GiveUpReason, Outcome, WaitSource } from '../kernel/index.ts';
import type { Verdict } from './decide.ts';

/** One attempt in a {@link Ledger}. Times in milliseconds. */
export interface LedgerEntry {
  /** From 1. */
  readonly number: number;
  /** Since the call began. */
  readonly startedMs: number;
  readonly durationMs: number;
  readonly outcome: Outcome<unknown>;
  /** What was decided: it was good, another attempt follows, or why the call was given up. */
  readonly verdict: 'done' | 'retry' | GiveUpReason;
  /** The wait after this attempt, and what decided it; only for the verdict `'retry'`. */
  readonly waitMs?: number;
  readonly waitSource?: WaitSource;
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
  readonly durationMs: number;
  /** The sum of all waits. */
  readonly waitedMs: number;
}

/** A call without a limit of attempts must not grow without a limit. */
const keptEntries = 100;

const ledgers = new WeakMap<object, Ledger>();

/**
 * The ledger of a call that failed, by its error, or of a call that needed more than one attempt, by its value.
 * Errors and values that are not objects have none.
 */
export function ledgerOf(errorOrValue: unknown): Ledger | undefined {
  return isKey(errorOrValue) ? ledgers.get(errorOrValue) : undefined;
}

/** Remembers a call's ledger for as long as its error or value lives. */
export function keepLedger(errorOrValue: unknown, ledger: Ledger): void {
  if (isKey(errorOrValue)) ledgers.set(errorOrValue, ledger);
}

function isKey(value: unknown): value is object {
  return (typeof value === 'object' && value !== null) || typeof value === 'function';
}

/** Writes the ledger of one call. */
export class LedgerBook {
  readonly name: string;
  readonly startedMs: number;
  /** The sum of all waits announced so far. */
  waitedMs = 0;
  readonly #entries: LedgerEntry[] = [];
  #attempts = 0;

  constructor(name: string, startedMs: number) {
    this.name = name;
    this.startedMs = startedMs;
  }

  /** How many attempts have ended. */
  get attempts(): number {
    return this.#attempts;
  }

  /** The newest error; a value that was not accepted is none. */
  get lastError(): unknown {
    const failed = this.#entries.findLast(({ outcome }) => !outcome.ok)?.outcome;
    return failed === undefined || failed.ok ? undefined : failed.error;
  }

  write(outcome: Outcome<unknown>, verdict: Verdict | { kind: 'done' }, startedMs: number, nowMs: number): void {
    if (this.#entries.length === keptEntries) this.#entries.shift();
    const number = ++this.#attempts;
    const entry = { number, startedMs: startedMs - this.startedMs, durationMs: nowMs - startedMs, outcome };
    if (verdict.kind === 'retry') {
      this.#entries.push({ ...entry, verdict: 'retry', waitMs: verdict.waitMs, waitSource: verdict.source });
    } else {
      this.#entries.push({ ...entry, verdict: verdict.kind === 'done' ? 'done' : verdict.reason });
    }
  }

  /** Ends the ledger and keeps it for {@link ledgerOf}. */
  close(errorOrValue: unknown, reason: GiveUpReason | undefined, nowMs: number): Ledger {
    const ledger: Ledger = {
      name: this.name,
      attempts: this.#attempts,
      entries: this.#entries,
      reason,
      durationMs: nowMs - this.startedMs,
      waitedMs: this.waitedMs,
    };
    keepLedger(errorOrValue, ledger);
    return ledger;
  }
}
