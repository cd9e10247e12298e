import { type Backoff, checkKeys, exponential, InvalidOptionError, type Jitter, linear } from 'mulligan';
import type { RetryPolicyOptions } from './options.ts';
import { CheckedPolicy } from './checked-policy.ts';
import { policyFields, type RetryPolicyJson } from './policy-json.ts';

const idempotentMethods: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS', 'DELETE', 'PUT', 'TRACE']);

/** When to try again, how often and after how long. Immutable; {@link RetryPolicy.with} makes a changed one. */
export class RetryPolicy extends CheckedPolicy {
  /** @throws {InvalidOptionError} in a sentence, for a value outside of its range */
  constructor(options: RetryPolicyOptions = {}) {
    super(options);
    Object.freeze(this);
  }

  /**
   * Reads a policy, or what changes in one: fields that are missing stay as they are in `base`, and a `timeout` of
   * `null` takes the limit away.
   * @throws {InvalidOptionError} whose `option` is the field as JSON names it
   */
  static fromJson(json: Partial<RetryPolicyJson>, base: RetryPolicy = new RetryPolicy()): RetryPolicy {
    checkKeys('the retry policy', json, Object.keys(policyFields));
    let policy = base;
    // Field by field, so that an error names the field that caused it.
    for (const [field, value] of Object.entries(json)) {
      if (value !== undefined) policy = policy.#withField(field as keyof RetryPolicyJson, value);
    }
    return policy;
  }

  #withField(field: keyof RetryPolicyJson, value: unknown): RetryPolicy {
    const { option, isSeconds } = policyFields[field];
    try {
      return this.with({ [option]: isSeconds && typeof value === 'number' ? { seconds: value } : value });
    } catch (error) {
      if (!(error instanceof InvalidOptionError)) throw error;
      throw new InvalidOptionError(field, value, error.message.replace(option, field));
    }
  }

  /** Writes the policy as the REST API does: snake_case, times in seconds. */
  toJson(): RetryPolicyJson {
    return {
      max_attempts: this.maxAttempts,
      backoff_strategy: this.backoffStrategy,
      base_delay: this.baseDelayMs / 1000,
      multiplier: this.multiplier,
      max_backoff_delay: this.maxBackoffDelayMs / 1000,
      jitter: this.jitter,
      retry_status_codes: this.retryStatusCodes,
      timeout: this.timeoutMs === undefined ? null : this.timeoutMs / 1000,
      retry_non_idempotent: this.retryNonIdempotent,
    };
  }

  /** Whether this status is worth another try. */
  retriesStatus(status: number): boolean {
    return this.retryStatusCodes.includes(status);
  }

  /** Whether a request of this method may be made twice. Upper and lower case are the same. */
  mayRepeat(method: string): boolean {
    return this.retryNonIdempotent || idempotentMethods.has(method.toUpperCase());
  }

  /** The waits as a backoff of mulligan's `retry`. */
  get backoff(): Backoff {
    const jitter = asJitter(this.jitter);
    const shape = { initial: this.baseDelayMs, max: this.maxBackoffDelayMs, jitter };
    if (this.backoffStrategy === 'linear') return linear(shape);
    // A fixed wait has the same cap: jitter may make it longer.
    return exponential({ ...shape, factor: this.backoffStrategy === 'fixed' ? 1 : this.multiplier });
  }

  /** The same policy with some changes. */
  with(changes: RetryPolicyOptions): RetryPolicy {
    const { baseDelayMs: baseDelay, maxBackoffDelayMs: maxBackoffDelay, timeoutMs, ...same } = this;
    return new RetryPolicy({ ...same, baseDelay, maxBackoffDelay, timeout: timeoutMs ?? null, ...changes });
  }
}

function asJitter(jitter: boolean | 'decorrelated'): Jitter {
  if (jitter === 'decorrelated') return jitter;
  return jitter ? { plusMinus: 0.5 } : 'none';
}
