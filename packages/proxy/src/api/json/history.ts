import type { HourlyAggregate } from '../../metrics/index.ts';
import type { HistoryMinute } from '../live/minute-history.ts';
import type { HistoryPoint } from '../schema/history.ts';
import { round, toMoment, toSeconds } from './number.ts';

const hour = 3600;

/** A minute of this process. */
export function minutePoint(minute: HistoryMinute): HistoryPoint {
  const { requests, failures, retries, meanMs, p95Ms } = minute;
  return {
    timestamp: toMoment(minute.atMs),
    duration: 60,
    requests,
    failures,
    success_rate: rate(requests - failures, requests),
    retries,
    latency: meanMs === undefined ? null : toSeconds(meanMs),
    latency_p95: p95Ms === undefined ? null : toSeconds(p95Ms),
    breaker_opens: minute.breakerOpens,
  };
}

/** An hour of which only the sums are known, as of a process before this one. */
export function hourPoint(aggregate: HourlyAggregate): HistoryPoint {
  const { hourAt, requests, attempts, successByAttempt, averageLatencyMs, byProxy } = aggregate;
  const successes = successByAttempt.reduce((total, count) => total + count, 0);
  const opens = [...byProxy.values()].reduce((total, { breakerOpens }) => total + breakerOpens, 0);
  return {
    timestamp: toMoment(hourAt),
    duration: hour,
    requests,
    // A request that began in the hour before may have ended in this one.
    failures: Math.max(0, requests - successes),
    success_rate: rate(Math.min(successes, requests), requests),
    retries: Math.max(0, attempts - requests),
    latency: attempts === 0 ? null : toSeconds(averageLatencyMs),
    latency_p95: null,
    breaker_opens: opens,
  };
}

/** An hour of one proxy; nothing where it was not used. */
export function proxyHourPoint({ hourAt, byProxy }: HourlyAggregate, proxyId: string): HistoryPoint | undefined {
  const tally = byProxy.get(proxyId);
  if (tally === undefined) return undefined;
  const { attempts, successes, failures, latencySumMs, breakerOpens } = tally;
  return {
    timestamp: toMoment(hourAt),
    duration: hour,
    requests: attempts,
    failures,
    success_rate: rate(successes, successes + failures),
    retries: null,
    latency: attempts === 0 ? null : toSeconds(latencySumMs / attempts),
    latency_p95: null,
    breaker_opens: breakerOpens,
  };
}

function rate(successes: number, all: number): number | null {
  return all === 0 ? null : round(successes / all);
}
