import { Cancellation, Context, type Layer, layerOfPolicy } from '../kernel/index.ts';
import { type Ledger, type OnRetry, retry } from '../retry/index.ts';
import { errorAdviser, isResponse, responseAdviser, unlessNested } from './advise.ts';
import type { RequestFacts } from './classify.ts';
import { Drain } from './drain.ts';
import { BodyNotReplayableError } from './error.ts';
import { Hold } from './hold.ts';
import type { PerOrigin } from './options.ts';
import type { FetchPlan } from './plan.ts';
import { rememberRequest, type RequestShown } from './request-of.ts';

/** What all attempts of a call have in common. */
export interface Call extends RequestFacts, RequestShown {
  readonly name: string;
  /** Whether somebody around this call makes the attempts. */
  readonly isNested?: boolean;
  readonly signal: AbortSignal | undefined;
  /**
   * Tells a call that is aborted by other means than a signal what it runs under, and whether it may have to wait before
   * it is sent. The context's cancellation, which costs every attempt, is made when somebody looks at it.
   */
  runsUnder?(context: Context, mayWait: boolean): void;
  /** The call has failed: lets go of a body that has not been read to its end. */
  cancel(reason: unknown): void;
}

/** Sends a request and receives the head of its response, once. */
export type Exchange<C extends Call> = (call: C, context: Context) => Promise<Response>;

/** What calls to one origin share: a policy, and in it a budget, a hold, a breaker. */
export class Origin<C extends Call> {
  readonly #plan: FetchPlan;
  readonly #exchange: Exchange<C>;
  readonly #hold: Hold;
  readonly #retry: Layer;
  readonly #nextWaitMs: number;
  readonly #breaker: Layer | undefined;

  constructor(plan: FetchPlan, origin: string, exchange: Exchange<C>) {
    const { budget, breaker } = plan;
    this.#plan = plan;
    this.#exchange = exchange;
    this.#hold = new Hold(origin, plan);
    this.#breaker = breaker === undefined ? undefined : layerOfPolicy(pick(breaker, origin));
    const policy = retry({
      ...plan.retry,
      on: unlessNested(errorAdviser(plan, this.#hold)),
      onResult: unlessNested(responseAdviser(plan, this.#hold)),
      onRetry: discardBefore(plan.retry.onRetry),
      onExhausted: explain(plan.retry.onExhausted),
      ...(budget === false ? {} : { budget: pick(budget, origin) }),
    });
    this.#retry = layerOfPolicy(policy);
    this.#nextWaitMs = policy.description.nextWaitMs ?? 0;
  }

  /** Sends a request until its outcome is accepted or given up. Whoever calls this sees to it that {@link fail} is. */
  run(call: C): Promise<Response> {
    const { signal } = call;
    if (signal === undefined) return this.#begin(call);
    return signal.aborted ? Promise.reject(signal.reason) : this.#underSignal(call, signal);
  }

  #begin(call: C, cancellation?: Cancellation): Promise<Response> {
    const context = Context.ofCall(call.name, [call], undefined, this.#nextWaitMs);
    call.runsUnder?.(context, this.#hold.isOn || this.#breaker !== undefined);
    return this.#retry(
      (attempt) => this.#attempt(call, attempt),
      cancellation === undefined ? context : context.derive({ cancellation }),
    );
  }

  async #underSignal(call: C, signal: AbortSignal): Promise<Response> {
    const own = new Cancellation(signal);
    try {
      return await this.#begin(call, own);
    } finally {
      own.close();
    }
  }

  #attempt(call: C, context: Context): Promise<Response> {
    if (this.#hold.isOn) return this.#hold.wait(context).then(() => this.#guarded(call, context));
    return this.#guarded(call, context);
  }

  #guarded(call: C, context: Context): Promise<Response> {
    if (this.#breaker === undefined) return this.#limited(call, context);
    return this.#breaker((inner) => this.#limited(call, inner), context);
  }

  #limited(call: C, context: Context): Promise<Response> {
    const { attemptLimit } = this.#plan;
    if (attemptLimit === undefined) return this.#exchange(call, context);
    return attemptLimit.run((limited) => this.#exchange(call, limited), context);
  }
}

/** A call has failed: remembers what it was about, and lets go of its body. */
export function fail(call: Call, error: unknown): void {
  rememberRequest(error, call);
  call.cancel(error);
}

function pick<T extends object>(one: T | PerOrigin<T>, origin: string): T {
  return 'for' in one ? one.for(origin) : one;
}

/** Gets rid of what is left of a response before the next attempt. */
function discardBefore(onRetry: OnRetry | undefined): OnRetry {
  return (event) => {
    const scope = onRetry?.(event) ?? undefined;
    if (!isResponse(event.cause)) return scope;
    const drain = new Drain(event.cause);
    return {
      [Symbol.dispose]() {
        drain[Symbol.dispose]();
        scope?.[Symbol.dispose]();
      },
    };
  };
}

/** Says it in an error of its own when the body was the only hindrance. */
function explain(onExhausted: FetchPlan['retry']['onExhausted'] = 'rethrow') {
  return (last: unknown, ledger: Ledger): unknown => {
    const error = ledger.reason === 'body-not-replayable' ? new BodyNotReplayableError(ledger.name, last) : last;
    return onExhausted === 'rethrow' ? error : onExhausted(error, ledger);
  };
}
