import type { ReceivedProxy } from './state.ts';

/** Whole seconds until a breaker is tested; nothing where no test is due. Clocks of server and page may differ. */
export function secondsToTest({ row, at }: ReceivedProxy, now: number): number | undefined {
  const left = row.circuit_breaker.next_test_in;
  if (left === null) return undefined;
  return Math.max(0, Math.ceil(left - (now - at) / 1000));
}

/** What is said of a breaker under the state of its proxy. */
export function breakerNote(proxy: ReceivedProxy, now: number): string {
  const { state, failure_count, failure_threshold } = proxy.row.circuit_breaker;
  const seconds = secondsToTest(proxy, now);
  if (state === 'isolated') return 'held open by hand';
  if (state === 'half_open') return 'the next request decides';
  if (state === 'open') return seconds === undefined || seconds === 0 ? 'test due' : `test in ${seconds} s`;
  if (failure_count === 0) return '';
  return failure_threshold === null ? `${failure_count} failures` : `${failure_count} of ${failure_threshold} failures`;
}
