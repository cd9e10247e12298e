import type { Status } from '@mulligan/proxy';
import { formatShare } from '../format/number.ts';
import type { State } from './state.ts';

/** The title of the page, which says how it is even where only its tab is seen. */
export function pageTitle({ connection, status }: Pick<State, 'connection' | 'status'>): string {
  if (connection.phase === 'lost') return 'Connection lost · mulligan';
  const rate = status?.success_rate ?? null;
  return rate === null ? 'mulligan' : `${formatShare(rate)} · mulligan`;
}

/** One row of the successes by attempt. */
export interface AttemptShare {
  readonly label: string;
  readonly count: number;
  /** Of all calls that ended, from 0 to 1. */
  readonly share: number;
  readonly kind: 'first' | 'retried' | 'failed';
}

/** How many calls succeeded only because they were tried again. */
export function rescued({ success_by_attempt }: Pick<Status, 'success_by_attempt'>): number {
  return Object.entries(success_by_attempt).reduce((sum, [attempt, count]) => (attempt === '0' ? sum : sum + count), 0);
}

const ordinals = ['First try', 'Second try', 'Third try'];

/** The calls by the attempt that they ended with; everything after the third in one row, then those given up. */
export function attemptShares(status: Pick<Status, 'success_by_attempt' | 'total_failures'>): AttemptShare[] {
  const byAttempt = Object.entries(status.success_by_attempt).map(([attempt, count]) => ({
    attempt: Number(attempt),
    count,
  }));
  const total = byAttempt.reduce((sum, { count }) => sum + count, 0) + status.total_failures;
  const row = (label: string, count: number, kind: AttemptShare['kind']): AttemptShare => ({
    label,
    count,
    kind,
    share: total === 0 ? 0 : count / total,
  });
  const countOf = (wanted: number): number => byAttempt.find(({ attempt }) => attempt === wanted)?.count ?? 0;
  const rows = ordinals.map((label, at) => row(label, countOf(at), at === 0 ? 'first' : 'retried'));
  const later = byAttempt.reduce((sum, { attempt, count }) => (attempt >= ordinals.length ? sum + count : sum), 0);
  if (later > 0) rows.push(row('Later', later, 'retried'));
  return [...rows, row('Given up', status.total_failures, 'failed')];
}

/** The failures among the requests of the window. */
export function failuresInWindow({ recent }: Pick<Status, 'recent'>): { failures: number; requests: number } {
  return recent.reduce(
    (sum, second) => ({ failures: sum.failures + second.failures, requests: sum.requests + second.requests }),
    { failures: 0, requests: 0 },
  );
}
