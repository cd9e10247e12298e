import { type Context, definePolicy, type Keyed, type KeyedOptions, type Next } from '../../kernel/index.ts';
import { perKey } from '../per-key.ts';
import { BulkheadFullError } from './error.ts';
import type { Bulkhead, BulkheadOptions, BulkheadSnapshot } from './options.ts';
import { type BulkheadPlan, planBulkhead } from './plan.ts';
import { Room } from './room.ts';

/** See {@link bulkhead}. */
export interface BulkheadFactory {
  /** One bulkhead. */
  (options?: BulkheadOptions): Bulkhead;
  /** One bulkhead per key, such as per host, made when first asked for. */
  keyed(options?: BulkheadOptions, keyedOptions?: KeyedOptions): Keyed<Bulkhead>;
}

/**
 * Lets only so many calls run at the same time, so that one slow dependency cannot take everything. Further calls wait
 * in a queue, where there is one, and an abort ends their wait at once.
 *
 * @example
 * const query = bulkhead({ concurrent: 10, queue: 100, queueTimeout: '2s' })(database.query);
 *
 * @throws {BulkheadFullError} when there is no room
 */
export const bulkhead: BulkheadFactory = Object.assign(makeBulkhead, {
  keyed: (options: BulkheadOptions = {}, keyedOptions?: KeyedOptions) => perKey(makeBulkhead, options, keyedOptions),
});

function makeBulkhead(options: BulkheadOptions = {}): Bulkhead {
  const plan = planBulkhead(options);
  const gate = new Gate(plan);
  const policy = definePolicy((next, context) => gate.run(next, context), { kind: 'bulkhead', name: plan.name });
  return Object.assign(policy, { snapshot: () => gate.snapshot() }) as Bulkhead;
}

/** Drives a room: its waiters are promises that an abort or the end of patience rejects. */
class Gate {
  readonly #plan: BulkheadPlan;
  readonly #room: Room<() => void>;

  constructor(plan: BulkheadPlan) {
    this.#plan = plan;
    this.#room = new Room(plan);
  }

  async run<T>(next: Next<T>, context: Context): Promise<T> {
    if (!this.#room.enter()) await this.#wait(context);
    try {
      // An abort may come between the moment the place was given and this one.
      if (context.isCancellable && context.cancellation.aborted) throw context.cancellation.reason;
      return await next(context);
    } finally {
      this.#room.leave()?.();
    }
  }

  snapshot(): BulkheadSnapshot {
    const { name, concurrent, queue } = this.#plan;
    return { name, active: this.#room.active, queued: this.#room.queued, concurrent, queue };
  }

  #wait(context: Context): Promise<void> {
    const { patience, world } = this.#plan;
    return new Promise((resolve, reject) => {
      let stopListening: (() => void) | undefined;
      const place = this.#room.wait(() => {
        leave();
        resolve();
      });
      if (place === undefined) {
        reject(this.#refuse('full'));
        return;
      }
      const stopWaiting = patience?.add(world.now(), () => giveUp(() => this.#refuse('queue-timeout')));
      const leave = (): void => {
        stopListening?.();
        stopWaiting?.();
      };
      const giveUp = (why: () => unknown): void => {
        this.#room.giveUp(place);
        leave();
        reject(why());
      };
      if (context.isCancellable) stopListening = context.cancellation.onAbort((reason) => giveUp(() => reason));
    });
  }

  #refuse(reason: 'full' | 'queue-timeout'): BulkheadFullError {
    const { name, reporter, world, concurrent } = this.#plan;
    if (reporter.isHeard) {
      reporter.report({ type: 'bulkhead.rejected', at: world.wallNow(), name, reason, queued: this.#room.queued });
    }
    return new BulkheadFullError(name, reason, concurrent);
  }
}
