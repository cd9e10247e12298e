/** What a retry hook learns when a retry is scheduled. Source: stamina's RetryDetails. */
export interface RetryDetails {
  /** The name of the call. */
  readonly name: string;
  /** The arguments of a wrapped function; empty for the other forms. */
  readonly args: readonly unknown[];
  /** 1 after the first failure. */
  readonly retryNum: number;
  /** The wait that follows, in milliseconds. */
  readonly waitFor: number;
  /** All waits of this call before this one, in milliseconds. */
  readonly waitedSoFar: number;
  /** The error, or the value that was not accepted. */
  readonly causedBy: unknown;
}

/**
 * Called for each scheduled retry, before the wait. A disposable that it returns is disposed once, right before the
 * next attempt. What it throws is reported once on the console and never reaches the call.
 */
export type RetryHook = (details: RetryDetails) => Disposable | void;

/** Makes a hook when the first retry is scheduled: heavy imports cost nothing before. */
export interface RetryHookFactory {
  readonly createHook: () => RetryHook;
}

let registered: readonly (RetryHook | RetryHookFactory)[] = [];
let made: readonly RetryHook[] | undefined;

/** Sets the hooks that every retry in this process calls. `null` or an empty list: none, as at the start. */
export function setOnRetryHooks(hooks: Iterable<RetryHook | RetryHookFactory> | null): void {
  registered = [...(hooks ?? [])];
  made = undefined;
}

/** The hooks in force. Factories have been asked for theirs, once. */
export function getOnRetryHooks(): readonly RetryHook[] {
  made ??= registered.map((hook) => (typeof hook === 'function' ? hook : hook.createHook()));
  return made;
}
