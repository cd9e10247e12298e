import {
  Cancellation,
  currentSwitches,
  type Keyed,
  keyed,
  orAborted,
  type Reporter,
  TimeoutError,
  type World,
} from '../kernel/index.ts';
import { type FetchFunction, type FetchInput, readHint } from '../http/index.ts';
import { exposeError } from './generate/first-event.ts';
import { Pacer } from './limits/pacer.ts';
import { readModelLimits } from './limits/read-limits.ts';
import { modelOf } from './limits/request-size.ts';
import { isQuotaExhausted } from './quota.ts';

/** What a sender needs to know. */
export interface SenderPlan {
  readonly fetch: FetchFunction;
  readonly attemptMs: number | undefined;
  /** Whether requests wait for limits. */
  readonly isPaced: boolean;
  readonly maxWaitMs: number;
  readonly spread: number;
  readonly tokensOf: (body: string) => number;
  readonly reporter: Reporter;
  readonly world: World;
}

/** Sends one attempt to the endpoint of a model: waits for room, and reads what the answer tells of limits. */
export class ModelSender {
  readonly #plan: SenderPlan;
  readonly #pacers: Keyed<Pacer>;

  constructor(plan: SenderPlan) {
    this.#plan = plan;
    // The first line of a key is a secret, which nobody needs to see.
    this.#pacers = keyed((key) => new Pacer(key.slice(key.indexOf('\n') + 1), plan));
  }

  async send(input: FetchInput, init: RequestInit = {}): Promise<Response> {
    const { isPaced, tokensOf, world } = this.#plan;
    if (!isPaced) return this.#explain(await this.#exchange(input, init), undefined, 0);
    const body = typeof init.body === 'string' ? init.body : '';
    const pacer = this.#pacers.for(keyOf(input, init, body));
    const tokens = tokensOf(body);
    await pacer.admit(tokens, init.signal ?? undefined);
    const response = await this.#exchange(input, init);
    pacer.learn(readModelLimits(response.headers, world.wallNow()));
    return this.#explain(response, pacer, tokens);
  }

  /** The time of an attempt begins when it is sent: what it had to wait for room is not counted. */
  async #exchange(input: FetchInput, init: RequestInit): Promise<Response> {
    const { fetch, attemptMs, world } = this.#plan;
    if (attemptMs === undefined) return exposeError(await fetch(input, init));
    // It is not closed at the end: the caller's signal still ends the reading of the body.
    const cancellation = new Cancellation(init.signal ?? undefined);
    const { signal } = cancellation;
    const expire = (): void => cancellation.abort(new TimeoutError('fetch', attemptMs, 'attempt'));
    const timer = world.setTimer(expire, attemptMs);
    return orAborted(fetch(input, { ...init, signal }).then(exposeError), cancellation, () => timer.cancel());
  }

  /** Says in the words of `createFetch` what a bad answer means: that waiting does not help, or how long to wait. */
  async #explain(response: Response, pacer: Pacer | undefined, tokens: number): Promise<Response> {
    const { status } = response;
    if (status !== 429 && status !== 503) return response;
    const headers = new Headers(response.headers);
    const hint = readHint(headers, status, this.#plan.world.wallNow());
    if (status === 429 && (await isAboutQuota(response))) headers.set('x-should-retry', 'false');
    else if (hint !== undefined) hold(pacer, hint.waitMs);
    else if (status === 429 && pacer !== undefined && pacer.waitMs(tokens) > 0) {
      headers.set('retry-after-ms', String(Math.ceil(pacer.waitMs(tokens))));
    }
    return Object.defineProperty(response, 'headers', { value: headers, configurable: true });
  }
}

/** Pauses all requests to the model, unless nothing waits at all: see `setActive` and `setTesting`. */
function hold(pacer: Pacer | undefined, waitMs: number): void {
  const { isActive, testing } = currentSwitches();
  if (isActive && testing === undefined) pacer?.hold(waitMs);
}

/** Limits hold for one model of one endpoint, and for one account. */
function keyOf(input: FetchInput, init: RequestInit, body: string): string {
  const request = typeof input === 'object' && 'url' in input ? input : undefined;
  const url = request?.url ?? String(input);
  const headers = new Headers(init.headers ?? request?.headers);
  const account = headers.get('authorization') ?? headers.get('x-api-key') ?? headers.get('api-key') ?? '';
  const origin = URL.canParse(url) ? new URL(url).origin : '';
  const model = modelOf(body);
  return `${account}\n${model === undefined ? origin : `${model} at ${origin}`}`;
}

async function isAboutQuota(response: Response): Promise<boolean> {
  try {
    return isQuotaExhausted(JSON.parse(await response.clone().text()));
  } catch {
    return false;
  }
}
