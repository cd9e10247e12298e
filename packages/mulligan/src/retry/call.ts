import {
  type Context,
  factsOf,
  getOnRetryHooks,
  type GiveUpReason,
  type Outcome,
  type TestingMode,
  TimeoutError,
} from '../kernel/index.ts';
import type { Advice } from './advice.ts';
import { decide, type Verdict } from './decide.ts';
import { keepLedger, LedgerBook } from './ledger.ts';
import type { RetryPlan } from './plan.ts';
import { HookScopes } from './scopes.ts';

/** How the switches of the process change a call. Read once, when the call begins. */
export interface CallMode {
  readonly isActive: boolean;
  readonly testing: TestingMode | undefined;
}

const done = { kind: 'done' } as const;

/** What is decided about an attempt. */
export type CallVerdict = Verdict | typeof done;

/**
 * The state of one call, made when its first attempt has ended badly: a call that succeeds at once never pays for it.
 * All drivers (promise, blocking, block) share it; they only run attempts and wait.
 */
export class RetryCall {
  readonly plan: RetryPlan;
  readonly mode: CallMode;
  readonly #context: Context;
  readonly #book: LedgerBook;
  readonly #scopes: HookScopes;
  #previousWaitMs: number | undefined;
  #price: number | undefined;

  /** @param context what the call as a whole runs under; attempts derive theirs from it */
  constructor(plan: RetryPlan, mode: CallMode, context: Context, startedMs: number) {
    this.plan = plan;
    this.mode = mode;
    this.#context = context;
    this.#book = new LedgerBook(nameOf(plan, context), startedMs);
    this.#scopes = new HookScopes(this.#book.name);
  }

  /** Decides what follows an attempt, and writes it into the ledger. */
  judge(outcome: Outcome<unknown>, current: Context, startedMs: number): CallVerdict {
    const nowMs = this.plan.world.now();
    const verdict = this.#payFor(this.#decide(outcome, current, nowMs), outcome);
    this.#book.write(outcome, verdict, startedMs, nowMs);
    return verdict;
  }

  #decide(outcome: Outcome<unknown>, current: Context, nowMs: number): CallVerdict {
    const interruption = this.#interruption();
    if (interruption !== undefined) return { kind: 'give-up', reason: interruption };
    const { plan, mode } = this;
    const advice = adviseOn(plan, outcome, current);
    if (advice === undefined) return done;
    if (!mode.isActive) return { kind: 'give-up', reason: 'inactive' };
    const isTimed = mode.testing === undefined;
    const { attempts, backoff, total, world } = plan;
    const verdict = decide({
      attempt: current.number,
      attempts: allowedAttempts(attempts, mode.testing),
      advice,
      backoffMs: backoff(current.number, this.#previousWaitMs, world.random),
      elapsedMs: nowMs - this.#book.startedMs,
      totalMs: isTimed && total !== undefined ? total.totalMs : Number.POSITIVE_INFINITY,
      fit: total?.fit ?? 'fail',
      outerLeftMs: isTimed ? this.#context.deadlineMs - nowMs : Number.POSITIVE_INFINITY,
    });
    return isTimed || verdict.kind === 'give-up' ? verdict : { kind: 'retry', waitMs: 0, source: 'testing' };
  }

  /** Why the call as a whole has been ended from outside, if it has. */
  #interruption(): GiveUpReason | undefined {
    const context = this.#context;
    if (!context.isCancellable || !context.cancellation.aborted) return undefined;
    return context.cancellation.reason instanceof TimeoutError ? 'deadline' : 'aborted';
  }

  #payFor(verdict: CallVerdict, outcome: Outcome<unknown>): CallVerdict {
    const { budget } = this.plan;
    if (budget === undefined) return verdict;
    if (verdict.kind === 'done') {
      budget.succeeded(this.#price);
      return verdict;
    }
    const failure = { category: outcome.ok ? undefined : factsOf(outcome.error).category };
    budget.failed(failure);
    if (verdict.kind === 'give-up') return verdict;
    this.#price = budget.tryPay(failure);
    return this.#price === undefined ? { kind: 'give-up', reason: 'budget' } : verdict;
  }

  /** Tells hooks and listeners of a retry, before its wait. */
  announce({ waitMs, source }: Extract<Verdict, { kind: 'retry' }>, outcome: Outcome<unknown>): void {
    const { plan, mode } = this;
    const { name, attempts: attempt, waitedMs } = this.#book;
    const cause = outcome.ok ? outcome.value : outcome.error;
    this.#previousWaitMs = waitMs;
    this.#book.waitedMs += waitMs;
    for (const hook of getOnRetryHooks()) {
      const { args } = this.#context;
      this.#scopes.enter(hook, { name, args, retryNum: attempt, waitFor: waitMs, waitedSoFar: waitedMs, causedBy: cause });
    }
    if (plan.onRetry === undefined && !plan.reporter.isHeard) return;
    const at = plan.world.wallNow();
    const attempts = allowedAttempts(plan.attempts, mode.testing);
    const type = 'retry.scheduled';
    const event = { type, at, name, attempt, attempts, waitMs, waitSource: source, waitedMs, cause } as const;
    if (plan.onRetry !== undefined) this.#scopes.enter(plan.onRetry, event);
    plan.reporter.report(event);
  }

  /** The wait is over, one way or the other. */
  leaveScopes(): void {
    this.#scopes.leave();
  }

  /** The context of the next attempt. */
  next(outcome: Outcome<unknown>, number: number): Context {
    const previousError = outcome.ok ? undefined : outcome.error;
    return this.#context.derive({ number, previousError, nextWaitMs: nominalWait(this.plan, this.mode, number) });
  }

  /** Whether the total time is over where the plan looks at it before each attempt. */
  isOverdue(): boolean {
    const { total, world } = this.plan;
    if (this.mode.testing !== undefined || total?.isCheckedBeforeAttempts !== true) return false;
    return world.now() - this.#book.startedMs >= total.totalMs;
  }

  /** Ends the call well. */
  succeed<T>(value: T): T {
    const { world, reporter } = this.plan;
    const nowMs = world.now();
    const { name, attempts, durationMs, waitedMs } = this.#book.close(value, undefined, nowMs);
    if (reporter.isHeard) {
      reporter.report({ type: 'call.succeeded', at: world.wallNow(), name, attempts, durationMs, waitedMs });
    }
    return value;
  }

  /** Ends the call badly: throws, or returns the last value where there is only that. */
  giveUp<T>(reason: GiveUpReason, outcome: Outcome<T>): T {
    const interruption = this.#interruption();
    if (interruption !== undefined) throw this.#failed(interruption, this.#interruptionError());
    if (!outcome.ok) throw this.#failed(reason, outcome.error);
    this.#failed(reason, outcome.value);
    return outcome.value;
  }

  /** A time-out says which error it cut short. */
  #interruptionError(): unknown {
    const { reason } = this.#context.cancellation;
    const { lastError } = this.#book;
    if (reason instanceof TimeoutError && lastError !== undefined && lastError !== reason) reason.cause ??= lastError;
    return reason;
  }

  /** Records the end, and gives what to throw: the last error itself by default. */
  #failed(reason: GiveUpReason, error: unknown): unknown {
    const { world, reporter, onExhausted } = this.plan;
    const ledger = this.#book.close(error, reason, world.now());
    if (reporter.isHeard) {
      const { name, attempts, durationMs, waitedMs } = ledger;
      const at = world.wallNow();
      reporter.report({ type: 'call.failed', at, name, attempts, durationMs, waitedMs, reason, error });
    }
    if (onExhausted === undefined) return error;
    const final = onExhausted(error, ledger);
    keepLedger(final, ledger);
    return final;
  }
}

/** What the plan says of an outcome; `undefined` when it is good. */
function adviseOn(plan: RetryPlan, outcome: Outcome<unknown>, context: Context): Advice | undefined {
  if (!outcome.ok) return plan.adviseOnError(outcome.error, context);
  const advice = plan.adviseOnValue?.(outcome.value, context);
  return advice?.retry === true || advice?.reason !== undefined ? advice : undefined;
}

/** How many attempts a call has: the testing mode decides where it is on. */
function allowedAttempts(attempts: number, testing: TestingMode | undefined): number {
  if (testing === undefined) return attempts;
  return testing.cap ? Math.min(attempts, testing.attempts) : testing.attempts;
}

/** The wait after an attempt, without jitter; 0 where there will be none. */
export function nominalWait({ backoff }: RetryPlan, { isActive, testing }: CallMode, number: number): number {
  return isActive && testing === undefined ? backoff.nominalMs(number) : 0;
}

/** What a call is called in logs, metrics and errors. */
export function nameOf(plan: RetryPlan, context: Context): string {
  return plan.name ?? context.name;
}
