import { type Advice, type AttemptContext, isActive, type RetryScheduledEvent as WaitEvent } from 'mulligan';
import { redact } from '../address/index.ts';
import { AttemptFailure, type Fault } from '../failure/index.ts';
import type { RetryPolicy } from '../policy/index.ts';
import type { ProxyLease } from '../pool/index.ts';
import { adviseOn, type NextWay } from './advice.ts';
import { RunningAttempt } from './attempt.ts';
import { exhaustedError, reasonOf } from './error.ts';
import type { FailoverRequest, FailoverWork } from './request.ts';
import { Route } from './route.ts';
import type { FailoverServices } from './services.ts';
import type { AttemptSummary } from './summary.ts';

/** The state of one request: where it has been, what became of it, and what is worth trying next. */
export class FailoverCall {
  readonly #services: FailoverServices;
  readonly #request: FailoverRequest;
  readonly #policy: RetryPolicy;
  readonly #route: Route | undefined;
  readonly #startedMs: number;
  readonly #attempts: AttemptSummary[] = [];
  #endedMs: number;
  #fault: Fault | undefined;

  constructor(services: FailoverServices, request: FailoverRequest, policy: RetryPolicy) {
    this.#services = services;
    this.#request = request;
    this.#policy = policy;
    this.#route = services.isDirect ? undefined : new Route(services, request);
    this.#startedMs = services.world.now();
    this.#endedMs = this.#startedMs;
    const { id: requestId, method, target, url } = request;
    if (services.events.isHeard) {
      services.events.emit({ type: 'request.started', at: services.world.wallNow(), requestId, method, target, url });
    }
  }

  /** One attempt: takes a proxy, does the work, charges whom it belongs. */
  async attempt<T>(context: AttemptContext, work: FailoverWork<T>): Promise<T> {
    const running = this.#begin(this.#takeLease(context), context);
    try {
      return await running.run(work);
    } catch (error) {
      if (error instanceof AttemptFailure) this.#judge(error, running.isLast);
      throw error;
    }
  }

  #takeLease(context: AttemptContext): ProxyLease | undefined {
    if (this.#route === undefined) return undefined;
    const lease = this.#route.take();
    if (lease === undefined) throw this.#route.emptyError(context.previousError);
    return lease;
  }

  #begin(lease: ProxyLease | undefined, context: AttemptContext): RunningAttempt {
    const { world } = this.#services;
    const attempts = this.#policy.maxAttempts;
    this.#emitStart(context.number, lease?.proxy.id);
    return new RunningAttempt({
      lease,
      context,
      policy: this.#policy,
      isLast: context.number >= attempts || !isActive(),
      waitedMs: context.number === 1 ? 0 : world.now() - this.#endedMs,
      world,
      onEnd: (summary) => this.#attemptEnded(summary),
      blame: (failure) => this.#blame(failure, lease?.proxy.id),
    });
  }

  #blame(failure: AttemptFailure, proxyId: string | undefined): Fault {
    const { blame, resting, restMs } = this.#services;
    const { target } = this.#request;
    this.#fault = proxyId === undefined ? failure.fault : blame.of(failure, target, proxyId);
    if (this.#fault === 'pair' && proxyId !== undefined) resting.rest(proxyId, target, failure.retryAfterMs ?? restMs);
    return this.#fault;
  }

  #advise(failure: AttemptFailure, next: NextWay): Advice {
    return adviseOn({
      failure,
      fault: this.#fault ?? failure.fault,
      request: this.#request,
      mayRepeat: this.#policy.mayRepeat(this.#request.method),
      next,
      waitBetweenProxies: this.#request.waitBetweenProxies ?? this.#services.waitBetweenProxies,
      longestHintMs: this.#policy.maxBackoffDelayMs,
    });
  }

  #next(): NextWay {
    if (this.#route === undefined) return 'same';
    const proxy = this.#route.next();
    if (proxy === undefined) return 'none';
    if (proxy.id === this.#attempts.at(-1)?.proxyId) return 'same';
    return this.#attempts.some(({ proxyId }) => proxyId === proxy.id) ? 'back' : 'other';
  }

  #attemptEnded(summary: AttemptSummary): void {
    const { events, metrics, world, blame } = this.#services;
    const { id: requestId, method, target } = this.#request;
    const at = world.wallNow();
    this.#endedMs = world.now();
    this.#attempts.push(summary);
    if (summary.outcome === 'success') blame.clear(target);
    const { attempt, proxyId = 'direct', outcome, status, waitedMs, latencyMs, failure } = summary;
    metrics.record({
      requestId,
      attemptNumber: attempt - 1,
      proxyId,
      at,
      outcome,
      status,
      delayBeforeMs: waitedMs,
      latencyMs,
      fault: failure?.fault,
      phase: failure?.phase,
      errorMessage: failure?.message,
    });
    if (!events.isHeard) return;
    const attempts = this.#policy.maxAttempts;
    events.emit({ type: 'attempt.ended', at, requestId, method, target, attempts, ...summary });
  }

  #emitStart(attempt: number, proxyId: string | undefined): void {
    const { events, world } = this.#services;
    if (!events.isHeard) return;
    const { id: requestId, method, target } = this.#request;
    const attempts = this.#policy.maxAttempts;
    const at = world.wallNow();
    const explanation = this.#request.explain === true ? this.#route?.explain() : undefined;
    events.emit({ type: 'attempt.started', at, requestId, method, target, attempt, attempts, proxyId, explanation });
  }

  /** Says what is to be done about a failure, where the retry loop will look for it. */
  #judge(failure: AttemptFailure, isLast: boolean): void {
    const next = isLast || !failure.mayFailOver ? 'same' : this.#next();
    const advice = this.#advise(failure, next);
    const isStranded = next === 'none' && advice.reason === 'breaker-open';
    this.#services.judgements.set(failure, {
      advice,
      scheduled: (event) => this.#scheduled(event),
      finalError: (ledger) => (isStranded ? this.#route?.emptyError(failure) : exhaustedError(failure, ledger)),
    });
  }

  #scheduled({ at, attempt, attempts, waitMs, waitSource }: WaitEvent): void {
    const { events } = this.#services;
    if (!events.isHeard) return;
    const { id: requestId, method, target } = this.#request;
    events.emit({ type: 'retry.scheduled', at, requestId, method, target, attempt, attempts, waitMs, waitSource });
  }

  /** The request has ended. */
  ended(error?: unknown): void {
    const { events, world } = this.#services;
    if (!events.isHeard) return;
    const { id: requestId, method, target, url } = this.#request;
    const last = this.#attempts.at(-1);
    events.emit({
      type: 'request.ended',
      at: world.wallNow(),
      requestId,
      method,
      target,
      url,
      outcome: this.#outcome(error, last),
      status: last?.status,
      attempts: this.#attempts,
      durationMs: world.now() - this.#startedMs,
      waitedMs: this.#attempts.reduce((sum, { waitedMs }) => sum + waitedMs, 0),
      timeoutMs: this.#policy.timeoutMs,
      reason: reasonOf(error),
      error: error === undefined ? undefined : redact(error instanceof Error ? error.message : String(error)),
    });
  }

  #outcome(error: unknown, last: AttemptSummary | undefined): 'success' | 'failure' | 'cancelled' {
    if (this.#request.signal?.aborted === true && error !== undefined) return 'cancelled';
    return error === undefined && last?.failure === undefined ? 'success' : 'failure';
  }
}
