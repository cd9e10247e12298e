import type { AttemptContext, Context } from './context.ts';

/** The function being made resilient, as `execute` and the call form take it. */
export type Operation<T> = (context: AttemptContext) => T | PromiseLike<T>;

/** What a policy sees below it: the next policy, or the operation itself. */
export type Next<T> = (context: Context) => T | PromiseLike<T>;

/** Runs the next thing and gives a promise in every case: what is thrown at once is a rejection, too. */
export function attempt<T>(next: Next<T>, context: Context): Promise<T> {
  try {
    return Promise.resolve(next(context));
  } catch (error) {
    return Promise.reject(error);
  }
}
