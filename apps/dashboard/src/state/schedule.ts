import type { PolicyJson } from '@mulligan/proxy';

/** What a schedule hangs on. Times in seconds. */
export type ScheduledPolicy = Pick<
  PolicyJson,
  'max_attempts' | 'backoff_strategy' | 'base_delay' | 'multiplier' | 'max_backoff_delay' | 'jitter' | 'timeout'
>;

/** The wait before one retry, and when that retry begins at the earliest and at the latest. In seconds. */
export interface ScheduledRetry {
  /** From 1. */
  readonly retry: number;
  readonly shortest: number;
  readonly typical: number;
  readonly longest: number;
  /** Since the first attempt, where attempts themselves take no time. */
  readonly startsAt: { readonly earliest: number; readonly typical: number; readonly latest: number };
  /** Whether the time of the whole call lets it begin at all; whether surely. */
  readonly fits: 'always' | 'sometimes' | 'never';
}

/** What a policy makes of a call that fails each time. */
export interface Schedule {
  readonly retries: readonly ScheduledRetry[];
  /** All waits of one call at their longest. */
  readonly longestWaits: number;
  /** How many attempts one call makes at most. */
  readonly attempts: number;
}

interface Wait {
  readonly shortest: number;
  readonly typical: number;
  readonly longest: number;
}

/** The schedule of a policy; the same formulas as those of the policy itself. */
export function scheduleOf(policy: ScheduledPolicy): Schedule {
  const limit = policy.timeout ?? Number.POSITIVE_INFINITY;
  const retries: ScheduledRetry[] = [];
  let [wait, startsAt]: [Wait | undefined, ScheduledRetry['startsAt']] = [
    undefined,
    { earliest: 0, typical: 0, latest: 0 },
  ];
  for (let retry = 1; retry < policy.max_attempts; retry++) {
    wait = waitBefore(policy, retry, wait);
    startsAt = {
      earliest: startsAt.earliest + wait.shortest,
      typical: startsAt.typical + wait.typical,
      latest: startsAt.latest + wait.longest,
    };
    const fits = startsAt.latest < limit ? 'always' : startsAt.earliest < limit ? 'sometimes' : 'never';
    retries.push({ retry, ...wait, startsAt, fits });
  }
  const possible = retries.filter(({ fits }) => fits !== 'never');
  return {
    retries,
    longestWaits: Math.min(limit, possible.at(-1)?.startsAt.latest ?? 0),
    attempts: possible.length + 1,
  };
}

function waitBefore(policy: ScheduledPolicy, retry: number, before: Wait | undefined): Wait {
  const { base_delay: base, max_backoff_delay: max, jitter } = policy;
  if (jitter === 'decorrelated') return decorrelatedWait(Math.min(base, max), max, before);
  const nominal = Math.min(max, base * growth(policy, retry));
  if (!jitter) return { shortest: nominal, typical: nominal, longest: nominal };
  return { shortest: nominal / 2, typical: nominal, longest: Math.min(max, nominal * 1.5) };
}

function growth({ backoff_strategy: strategy, multiplier }: ScheduledPolicy, retry: number): number {
  if (strategy === 'exponential') return multiplier ** (retry - 1);
  return strategy === 'linear' ? retry : 1;
}

/** The first is anything up to `base`, each later one lies between `base` and three times the one before (AWS). */
function decorrelatedWait(base: number, max: number, before: Wait | undefined): Wait {
  if (before === undefined) return { shortest: 0, typical: base / 2, longest: base };
  return {
    shortest: 0,
    typical: Math.min(max, (base + 3 * before.typical) / 2),
    longest: Math.min(max, Math.max(base, 3 * before.longest)),
  };
}

/** The load at one moment of an outage. */
export interface LoadStep {
  /** Seconds since the outage began. */
  readonly at: number;
  /** Attempts for each request. */
  readonly load: number;
}

/** How the attempts multiply when everything begins to fail at once: a step for each retry that comes to it. */
export function loadSteps({ retries }: Schedule): readonly LoadStep[] {
  const possible = retries.filter(({ fits }) => fits !== 'never');
  return [{ at: 0, load: 1 }, ...possible.map(({ startsAt }, at) => ({ at: startsAt.typical, load: at + 2 }))];
}
