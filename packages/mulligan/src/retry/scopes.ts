import type { RetryHook } from '../kernel/index.ts';

/** What the hooks of one scheduled retry returned; each is disposed exactly once, right before the next attempt. */
export class HookScopes {
  readonly #name: string;
  #open: Disposable[] = [];

  constructor(name: string) {
    this.#name = name;
  }

  /** Calls a hook. One that throws is shown on the console and never reaches the call. */
  enter<D>(hook: (details: D) => ReturnType<RetryHook>, details: D): void {
    this.#guard(() => {
      const scope = hook(details);
      if (scope !== undefined) this.#open.push(scope);
    });
  }

  leave(): void {
    if (this.#open.length === 0) return;
    for (const scope of this.#open.splice(0)) this.#guard(() => scope[Symbol.dispose]());
  }

  #guard(action: () => void): void {
    try {
      action();
    } catch (error) {
      console.warn(`mulligan: a retry hook of ${this.#name} threw`, error);
    }
  }
}
