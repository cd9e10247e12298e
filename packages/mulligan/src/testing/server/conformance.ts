import { Cancellation, orAborted, systemWorld } from '../../kernel/index.ts';
import { type FetchCase, fetchCases } from './fetch-cases.ts';

/** What became of one case. */
export interface CaseResult {
  readonly id: string;
  readonly title: string;
  readonly passed: boolean;
  /** How the promise was broken; `undefined` when it was kept. */
  readonly error: unknown;
}

/** Options of {@link checkFetch}. */
export interface CheckFetchOptions {
  /** The cases to run, by id. Default: all. */
  readonly only?: readonly FetchCase['id'][];
  /** A case that has not ended after this many milliseconds is a broken promise. Default 10 000. */
  readonly timeoutMs?: number;
}

/**
 * Runs a resilient `fetch`, mulligan's or any other, against real servers that misbehave, and says which promises it
 * keeps. Give it one with at least two attempts and short waits, or the cases take as long as its waits do.
 *
 * @example
 * for (const { passed, title, error } of await checkFetch(myFetch)) console.log(passed ? 'kept' : 'broken', title, error);
 */
export async function checkFetch(
  fetch: typeof globalThis.fetch,
  { only, timeoutMs = 10_000 }: CheckFetchOptions = {},
): Promise<readonly CaseResult[]> {
  const chosen = fetchCases.filter(({ id }) => only === undefined || only.includes(id));
  const results: CaseResult[] = [];
  for (const one of chosen) results.push(await runCase(one, fetch, timeoutMs));
  return results;
}

async function runCase(
  { id, title, check }: FetchCase,
  fetch: typeof globalThis.fetch,
  timeoutMs: number,
): Promise<CaseResult> {
  const tooLong = new Cancellation();
  const timer = systemWorld.setTimer(() => tooLong.abort(new Error(`not ended after ${timeoutMs} ms`)), timeoutMs);
  try {
    await orAborted(check(fetch), tooLong);
    return { id, title, passed: true, error: undefined };
  } catch (error) {
    return { id, title, passed: false, error };
  } finally {
    timer.cancel();
  }
}
