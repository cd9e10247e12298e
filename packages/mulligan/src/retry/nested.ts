import type { Context } from '../kernel/index.ts';
import type { Ledger } from './ledger.ts';

/** What a retry does that finds itself inside of another one. */
export type Nesting = 'allow' | 'collapse';

/** More attempts than this, together, are a mistake rather than patience: somebody is told. */
export const manyAttempts = 10;

/** An attempt may make any number of calls; the ledgers of so many are kept. */
const keptLedgers = 10;

/** What the retries inside of a call see of it. */
export class RetryScope {
  readonly name: string;
  readonly nesting: Nesting;
  /** The call around this one, where it lets itself be seen. */
  readonly around: RetryScope | undefined;
  /** How many attempts there may be in all, those around counted in. */
  readonly attempts: number;
  #ledgers: Ledger[] = [];

  constructor(name: string, attempts: number, nesting: Nesting | undefined, around: RetryScope | undefined) {
    this.name = name;
    this.nesting = nesting ?? around?.nesting ?? 'allow';
    this.around = around;
    this.attempts = (around?.attempts ?? 1) * (this.isCollapsed ? 1 : attempts);
  }

  /** Whether this call makes one attempt only, because one around it makes more. */
  get isCollapsed(): boolean {
    return this.around !== undefined && this.nesting === 'collapse';
  }

  /** A call inside of this one has ended, and had failed at least once. */
  note(ledger: Ledger): void {
    if (this.#ledgers.length < keptLedgers) this.#ledgers.push(ledger);
  }

  /** The ledgers since the last time; `undefined` when there are none. */
  take(): readonly Ledger[] | undefined {
    return this.#ledgers.length === 0 ? undefined : this.#ledgers.splice(0);
  }

  /** Lets what runs see this scope. */
  show<R>(next: (context: Context) => R): (context: Context) => R {
    const storage = storageOfPlatform();
    return storage === undefined ? next : (context) => storage.run(this, () => next(context));
  }
}

interface Storage {
  run<T>(scope: RetryScope, inside: () => T): T;
  getStore(): RetryScope | undefined;
}

interface Platform {
  readonly process?: {
    readonly getBuiltinModule?: (name: string) => { readonly AsyncLocalStorage?: new () => Storage } | undefined;
  };
}

let storage: Storage | undefined;

/** Made when the first retry asks for it: from then on, every promise of the process may cost more. */
function storageOfPlatform(): Storage | undefined {
  const { process } = globalThis as Platform;
  const { AsyncLocalStorage } = process?.getBuiltinModule?.('node:async_hooks') ?? {};
  if (AsyncLocalStorage !== undefined) storage ??= new AsyncLocalStorage();
  return storage;
}

/** The retry around the code that runs now, where it lets itself be seen. */
export function scopeAround(): RetryScope | undefined {
  return storage?.getStore();
}
