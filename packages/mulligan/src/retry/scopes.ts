import type { RetryHook } from '../kernel/index.ts';

/** What the hooks of one scheduled retry returned; each is disposed exactly once, right before the next attempt. */
export class HookScopes {
  #open: Disposable[] | undefined;

  /** Calls a hook. One that throws is shown on the console and never reaches the call. */
  enter<D extends { readonly name: string }>(hook: (details: D) => ReturnType<RetryHook>, details: D): void {
    guard(details.name, () => {
      const scope: unknown = hook(details);
      if (isDisposable(scope)) (this.#open ??= []).push(scope);
      // Nobody waits for a hook, but its failure must not end the process.
      else if (scope instanceof Promise) scope.catch((error: unknown) => blame(details.name, error));
    });
  }

  leave(name: string): void {
    const scopes = this.#open;
    this.#open = undefined;
    if (scopes !== undefined) for (const scope of scopes) guard(name, () => scope[Symbol.dispose]());
  }
}

function isDisposable(scope: unknown): scope is Disposable {
  const canHold = typeof scope === 'object' || typeof scope === 'function';
  return canHold && scope !== null && Symbol.dispose in scope;
}

function guard(name: string, action: () => void): void {
  try {
    action();
  } catch (error) {
    blame(name, error);
  }
}

function blame(name: string, error: unknown): void {
  console.warn(`mulligan: a retry hook of ${name} threw`, error);
}
