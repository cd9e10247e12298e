import { type Keyed, keyed, type Policy, retry, type RetryOptions } from 'mulligan';
import { RetryPolicy } from '../policy/index.ts';
import { FailoverCall } from './call.ts';
import { timeoutError } from './error.ts';
import type { FailoverRequest, FailoverWork } from './request.ts';
import type { FailoverServices, Judgement } from './services.ts';

const oneAttempt = new RetryPolicy({ maxAttempts: 1 });

/** Runs requests over several proxies. The one retry loop is mulligan's `retry`; here is what it is told. */
export class Failover {
  readonly #services: FailoverServices;
  readonly #retries = new WeakMap<RetryPolicy, Keyed<Policy>>();
  /** The policy of requests that bring none. A new one is in force for the next request. */
  policy: RetryPolicy;

  constructor(services: FailoverServices, policy: RetryPolicy) {
    this.#services = services;
    this.policy = policy;
  }

  async run<T>(request: FailoverRequest, work: FailoverWork<T>): Promise<T> {
    const policy = request.retryPolicy === undefined ? this.policy : (request.retryPolicy ?? oneAttempt);
    const { signal, target, name = `${request.method} ${target}` } = request;
    const call = new FailoverCall(this.#services, request, policy);
    try {
      const options = signal === undefined ? { name } : { name, signal };
      const value = await this.#retryFor(policy, target).execute((context) => call.attempt(context, work), options);
      call.ended();
      return value;
    } catch (error) {
      call.ended(error);
      throw error;
    }
  }

  #retryFor(policy: RetryPolicy, target: string): Policy {
    let retries = this.#retries.get(policy);
    if (retries === undefined) {
      retries = keyed((key) => retry(this.#optionsFor(policy, key)), { maxKeys: 1000 });
      this.#retries.set(policy, retries);
    }
    return retries.for(this.#services.budgets === undefined ? '' : target);
  }

  #optionsFor(policy: RetryPolicy, target: string): RetryOptions {
    const { judgements, budgets, world } = this.#services;
    const { timeoutMs: total, ifWaitDoesNotFit } = policy;
    const budget = budgets?.for(target);
    const judgementOn = (error: unknown): Judgement | undefined =>
      typeof error === 'object' && error !== null ? judgements.get(error) : undefined;
    return {
      attempts: policy.maxAttempts,
      backoff: policy.backoff,
      on: (error) => judgementOn(error)?.advice ?? false,
      onRetry: (event) => judgementOn(event.cause)?.scheduled(event),
      onExhausted: (error, ledger) => timeoutError(error, ledger) ?? judgementOn(error)?.finalError(ledger) ?? error,
      world,
      ...(total === undefined ? {} : { timeout: { total, ifWaitDoesNotFit } }),
      ...(budget === undefined ? {} : { budget }),
    };
  }
}
