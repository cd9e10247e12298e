import { Cancellation, Context, type Layer, layerOfPolicy } from '../kernel/index.ts';
import { type Ledger, type OnRetry, retry } from '../retry/index.ts';
import { errorAdviser, responseAdviser } from './advise.ts';
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
  readonly signal: AbortSignal | Cancellation | undefined;
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
  readonly #breaker: Layer | undefined;

  constructor(plan: FetchPlan, origin: string, exchange: Exchange<C>) {
    const { budget, breaker } = plan;
    this.#plan = plan;
    this.#exchange = exchange;
    this.#hold = new Hold(origin, plan);
    this.#breaker = breaker === undefined ? undefined : layerOfPolicy(pick(breaker, origin));
    this.#retry = layerOfPolicy(
      retry({
        ...plan.retry,
        on: errorAdviser(plan, this.#hold),
        onResult: responseAdviser(plan, this.#hold),
        onRetry: discardBefore(plan.retry.onRetry),
        onExhausted: explain(plan.retry.onExhausted),
        ...(budget === false ? {} : { budget: pick(budget, origin) }),
      }),
    );
  }

  /** Sends a request until its outcome is accepted or given up. */
  async run(call: C): Promise<Response> {
    const { name, signal } = call;
    const own = signal === undefined || signal instanceof Cancellation ? undefined : new Cancellation(signal);
    try {
      if (signal?.aborted === true) throw signal.reason;
      const context = new Context(name, { args: [call], cancellation: own ?? (signal as Cancellation | undefined) });
      return await this.#retry((attempt) => this.#attempt(call, attempt), context);
    } catch (error) {
      rememberRequest(error, call);
      call.cancel(error);
      throw error;
    } finally {
      own?.close();
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

function isResponse(value: unknown): value is Response {
  return typeof value === 'object' && value !== null && 'arrayBuffer' in value && 'headers' in value;
}
