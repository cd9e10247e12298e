import {
  type Cancellation,
  type Context,
  factsOf,
  type GiveUpReason,
  type Outcome,
  type Switches,
  type TestingMode,
  TimeoutError,
} from '../kernel/index.ts';
import type { Advice } from './advice.ts';
import { decide, giveUp, type RetryVerdict, type Verdict } from './decide.ts';
import { keepLedger, type Ledger, LedgerBook } from './ledger.ts';
import type { RetryPlan } from './plan.ts';
import { isRetryHeard, reportEnd, reportRetry } from './report.ts';
import type { RetryScope } from './nested.ts';
import { HookScopes } from './scopes.ts';
import { type CallStart, hasWaits } from './start.ts';

/** Failures that another attempt might have bettered: a budget wants to hear of them although there is none. */
const worthRetrying: ReadonlySet<GiveUpReason> = new Set(['attempts', 'deadline', 'server-said-no']);

/** Endings that are the caller's own doing, or must look as if there were no retry: `onExhausted` is not asked. */
const untouched: ReadonlySet<GiveUpReason> = new Set(['aborted', 'inactive']);

/**
 * The state of one call, made when its first attempt has not ended well: a call that succeeds at once never pays for it.
 * All drivers (promise, blocking, block) share it; they only run attempts and wait. It never throws.
 */
export class RetryCall<T> {
  readonly plan: RetryPlan;
  readonly #switches: Switches;
  /** What the call as a whole runs under; the attempts derive theirs from it. */
  readonly #outer: Context;
  readonly #book: LedgerBook;
  readonly #scope: RetryScope | undefined;
  #scopes: HookScopes | undefined;
  #hasEnded = false;
  #attempt: Context;
  /** When the newest attempt began; `undefined` for a first one that nobody timed. */
  attemptStartedMs: number | undefined;
  #outcome: Outcome<T> | undefined;
  /** The newest wait. */
  #waitMs: number | undefined;
  #isWaiting = false;
  /** Whether the newest wait takes all that is left of the time. A timer may fire a little early: do not ask the clock. */
  #takesRest = false;
  /** The newest look at the clock. */
  #nowMs = 0;
  /** What the newest retry cost. */
  #price: number | undefined;

  constructor({ plan, switches, outer, context, startedMs, scope }: CallStart) {
    this.plan = plan;
    this.#switches = switches;
    this.#outer = outer;
    this.#scope = scope;
    this.#attempt = context;
    this.attemptStartedMs = startedMs;
    this.#book = new LedgerBook(outer.name, startedMs);
  }

  /** What ends a wait early; `undefined` when nothing can. */
  get cancellation(): Cancellation | undefined {
    return this.#outer.isCancellable ? this.#outer.cancellation : undefined;
  }

  /** What the call has ended with: not to be asked before {@link after} or {@link next} say that it has. */
  get ending(): Outcome<T> {
    return this.#outcome as Outcome<T>;
  }

  /** The context of the newest attempt. */
  get attempt(): Context {
    return this.#attempt;
  }

  /**
   * Decides what follows an attempt, and tells everybody. Gives the wait before the next attempt, in milliseconds;
   * `undefined` when the call has ended.
   * @param advise what the plan says of the outcome, where it has been asked already
   */
  after(outcome: Outcome<T>, advise?: Advise): number | undefined {
    this.#nowMs = this.plan.world.now();
    this.#book.startedMs ??= this.#nowMs;
    this.#outcome = outcome;
    const verdict = this.#payFor(this.#judge(outcome, advise), outcome);
    this.#book.write(outcome, verdict, {
      startedMs: this.attemptStartedMs,
      endedMs: this.#nowMs,
      nested: this.#scope?.take(),
    });
    if (verdict?.kind !== 'retry') {
      this.#end(verdict?.reason);
      return undefined;
    }
    this.#waitMs = verdict.waitMs;
    this.#isWaiting = true;
    this.#takesRest = verdict.waitMs >= this.leftMs;
    if (isRetryHeard(this.plan)) this.#report(verdict, outcome);
    this.#book.waitedMs += verdict.waitMs;
    return verdict.waitMs;
  }

  #report({ waitMs, source }: RetryVerdict, outcome: Outcome<T>): void {
    this.#scopes ??= new HookScopes();
    reportRetry(this.plan, this.#outer, this.#scopes, {
      attempt: this.#attempt.number,
      attempts: allowedAttempts(this.plan.attempts, this.#switches.testing),
      waitMs,
      waitSource: source,
      waitedMs: this.#book.waitedMs,
      cause: outcome.ok ? outcome.value : outcome.error,
    });
  }

  /** The wait is over: the context of the next attempt, or `undefined` when the call has ended meanwhile. */
  next(): Context | undefined {
    this.#scopes?.leave(this.#outer.name);
    if (this.#waitMs !== 0) this.#nowMs = this.plan.world.now();
    const interruption = this.#interruption() ?? this.#overdue();
    if (interruption !== undefined) {
      this.#end(interruption);
      return undefined;
    }
    this.#isWaiting = false;
    this.attemptStartedMs = this.#nowMs;
    const number = this.#attempt.number + 1;
    this.#attempt = this.#outer.derive({
      number,
      previousError: this.#book.lastError,
      nextWaitMs: hasWaits(this.#switches) ? this.plan.backoff.nominalMs(number) : 0,
      deadlineMs: this.#deadlineMs,
    });
    return this.#attempt;
  }

  /** Ends a call that nobody wants to go on with, without a result. Does nothing when it has ended. */
  abandon(): void {
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    this.#scopes?.leave(this.#outer.name);
    this.#settleAccount(false);
  }

  /** `undefined`: the outcome is good. */
  #judge(outcome: Outcome<T>, advise?: Advise): Verdict | undefined {
    const interruption = this.#interruption();
    if (interruption !== undefined && !outcome.ok) return giveUp(interruption);
    try {
      const advice = advise === undefined ? adviseOn(this.plan, outcome, this.#attempt) : advise();
      if (advice === undefined) return undefined;
      return interruption === undefined ? this.#decide(advice) : giveUp(interruption);
    } catch (error) {
      // What a predicate or a backoff throws takes the place of what the attempt ended with.
      this.#outcome = { ok: false, error };
      return giveUp('not-retryable');
    }
  }

  #decide(advice: Advice): Verdict {
    const { attempts, backoff, total, world } = this.plan;
    const { isActive, testing } = this.#switches;
    if (!isActive) return giveUp('inactive');
    if (advice.retry && this.#scope?.isCollapsed === true) return giveUp('nested');
    const { number } = this.#attempt;
    const verdict = decide({
      attempt: number,
      attempts: allowedAttempts(attempts, testing),
      advice,
      backoffMs: backoff(number, this.#waitMs, world.random),
      leftMs: this.leftMs,
      fit: total?.fit ?? 'fail',
      outerLeftMs: testing === undefined ? this.#outer.deadlineMs - this.#nowMs : Number.POSITIVE_INFINITY,
    });
    const isTested = testing !== undefined && verdict.kind === 'retry';
    return isTested ? { kind: 'retry', waitMs: 0, source: 'testing' } : verdict;
  }

  /** What is left of the total time, when the newest attempt began or ended. */
  get leftMs(): number {
    const { total } = this.plan;
    if (total === undefined || this.#switches.testing !== undefined) return Number.POSITIVE_INFINITY;
    return total.totalMs - (this.#nowMs - this.#startedMs);
  }

  get #startedMs(): number {
    return this.#book.startedMs ?? this.#nowMs;
  }

  /** When the call will be ended; `undefined` where nothing of its own ends it. */
  get #deadlineMs(): number | undefined {
    const limit = this.#switches.testing === undefined ? this.plan.total?.interrupt : undefined;
    return limit === undefined ? undefined : Math.min(this.#outer.deadlineMs, this.#startedMs + limit.lengthMs);
  }

  /** Why the call as a whole has been ended from outside, if it has. */
  #interruption(): GiveUpReason | undefined {
    const { cancellation } = this;
    if (cancellation?.aborted === true) return cancellation.reason instanceof TimeoutError ? 'deadline' : 'aborted';
    const outcome = this.#outcome;
    const isLate = outcome?.ok === false && this.plan.total?.interrupt?.isCauseOf(outcome.error) === true;
    return isLate ? 'deadline' : undefined;
  }

  /** Whether the time is over although nothing has run since it was not. */
  #overdue(): GiveUpReason | undefined {
    const { total } = this.plan;
    if (total === undefined || (this.leftMs > 0 && !this.#takesRest)) return undefined;
    if (total.interrupt !== undefined) this.#outcome = { ok: false, error: total.interrupt.error(this.#outer.name) };
    return total.interrupt !== undefined || total.isCheckedBeforeAttempts ? 'deadline' : undefined;
  }

  /** Tells the budget, and asks it when another attempt is wanted. */
  #payFor(verdict: Verdict | undefined, outcome: Outcome<T>): Verdict | undefined {
    const { budget } = this.plan;
    if (budget === undefined || verdict === undefined) return verdict;
    const failure = { category: outcome.ok ? undefined : factsOf(outcome.error).category };
    if (verdict.kind === 'retry' || worthRetrying.has(verdict.reason)) budget.failed(failure);
    if (verdict.kind === 'give-up') return verdict;
    const price = budget.tryPay(failure, this.#price);
    if (price === undefined) return giveUp('budget');
    this.#price = price;
    return verdict;
  }

  /** A retry that was paid for but not made is paid back. */
  #settleAccount(isSuccess: boolean): void {
    const { budget } = this.plan;
    if (budget === undefined) return;
    if (this.#isWaiting && this.#price !== undefined) {
      budget.refund(this.#price);
      this.#price = undefined;
    }
    if (isSuccess) budget.succeeded(this.#price);
    else budget.gaveUp(this.#price);
  }

  /** Ends the call; without a reason, it ends well. */
  #end(reason: GiveUpReason | undefined): void {
    const { onExhausted } = this.plan;
    const { cancellation } = this;
    this.#hasEnded = true;
    if (reason !== undefined && cancellation?.aborted === true) {
      this.#outcome = { ok: false, error: cancellation.reason };
    }
    this.#explain();
    this.#settleAccount(reason === undefined);
    const outcome = this.ending;
    const ledger = this.#book.close(reason, this.#nowMs);
    keepLedger(outcome, ledger);
    if (reason !== undefined || ledger.attempts > 1) this.#scope?.around?.note(ledger);
    reportEnd(this.plan, outcome, ledger);
    if (outcome.ok || reason === undefined || onExhausted === undefined || untouched.has(reason)) return;
    this.#outcome = { ok: false, error: replacement(onExhausted, outcome.error, ledger) };
    keepLedger(this.#outcome, ledger);
  }

  /** A time-out says what the newest attempt that ended by itself had failed with. */
  #explain(): void {
    const { ending } = this;
    if (ending.ok || !(ending.error instanceof TimeoutError)) return;
    const { lastError } = this.#book;
    ending.error.cause ??= lastError === ending.error ? this.#attempt.previousError : lastError;
  }
}

/** Says again what the plan has said of an outcome, or throws again what its predicate has thrown. */
export type Advise = () => Advice;

/** What the plan says of an outcome; `undefined` when it is good. */
export function adviseOn(plan: RetryPlan, outcome: Outcome<unknown>, context: Context): Advice | undefined {
  if (!outcome.ok) return plan.adviseOnError(outcome.error, context);
  const advice = plan.adviseOnValue?.(outcome.value, context);
  return advice?.retry === true || advice?.reason !== undefined ? advice : undefined;
}

/** How many attempts a call has: the testing mode decides where it is on. */
function allowedAttempts(attempts: number, testing: TestingMode | undefined): number {
  if (testing === undefined) return attempts;
  return testing.cap ? Math.min(attempts, testing.attempts) : testing.attempts;
}

/** What `onExhausted` makes of the last error. What it throws counts as if it had returned it. */
function replacement(onExhausted: NonNullable<RetryPlan['onExhausted']>, error: unknown, ledger: Ledger): unknown {
  try {
    return onExhausted(error, ledger);
  } catch (thrown) {
    return thrown;
  }
}
