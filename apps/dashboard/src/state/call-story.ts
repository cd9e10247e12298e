import type { Call } from '@mulligan/proxy';
import { formatDuration } from '../format/duration.ts';

export type Attempt = Call['attempts'][number];

/** Where an attempt lies within its request; shares of the whole time, from 0 to 1. */
export interface TimelinePart {
  readonly attempt: Attempt;
  readonly waitFrom: number;
  readonly from: number;
  readonly to: number;
}

/** The attempts of a request one after the other, waits between them. */
export function timelineOf({ attempts, duration }: Call): readonly TimelinePart[] {
  const told = attempts.reduce((sum, { wait, latency }) => sum + wait + latency, 0);
  const whole = Math.max(told, duration, 1e-6);
  let end = 0;
  return attempts.map((attempt) => {
    const waitFrom = end;
    const from = waitFrom + attempt.wait / whole;
    end = Math.min(1, from + attempt.latency / whole);
    return { attempt, waitFrom, from: Math.min(1, from), to: end };
  });
}

type WaitSource = NonNullable<Attempt['wait_source']>;

const waitReasons: Record<Exclude<WaitSource, 'failover'>, string> = {
  backoff: "by the policy's backoff",
  'retry-after': 'because the server asked for it (Retry-After)',
  'rate-limit': 'until the rate limit of the server ended',
  breaker: 'until a circuit breaker was to be tested',
  hook: 'as the program said',
  testing: 'as the test said',
};

/** How long the wait before an attempt was, and why; nothing before the first. */
export function waitSentence({ wait, wait_source: source }: Attempt): string | undefined {
  if (source === null) return undefined;
  if (source === 'failover') return 'No wait: another proxy could be asked at once';
  return `Waited ${formatDuration(wait)} ${waitReasons[source]}`;
}

/** By the reason codes of the API. */
export const giveUps: Readonly<Record<string, string>> = {
  attempts: 'All attempts of the policy were made.',
  deadline: 'The time of the whole request was over, or too short for the next wait.',
  'not-retryable': 'Another attempt would have failed in the same way.',
  fatal: 'The program said that this must not be retried.',
  budget: 'The retry budget of this target was spent.',
  aborted: 'The client went away.',
  'not-idempotent': 'It may have been processed already, and must not be processed twice.',
  'body-not-replayable': 'Its body could not be sent again.',
  'hint-too-long': 'The server asked for a longer wait than the policy allows.',
  'server-said-no': 'The server asked not to be tried again.',
  'breaker-open': 'Every proxy that was left had an open breaker.',
  nested: 'Another retry around this one makes the attempts.',
  inactive: 'Retries are switched off.',
};

/** Why a request was given up, in a sentence. */
export function giveUpReason({ reason }: Call): string | undefined {
  return reason === null ? undefined : (giveUps[reason] ?? `Reason: ${reason}.`);
}

/** Whose fault a failed attempt was. */
export const faults: Record<NonNullable<Attempt['failure']>['fault'], string> = {
  proxy: 'the proxy',
  target: 'the target',
  pair: 'this proxy and this target together',
  client: 'the client',
};

/** What an attempt ended with, in few words. */
export function attemptResult({ failure, status, outcome }: Attempt): string {
  if (failure !== null) return failure.message;
  if (status !== null) return `answered ${status}`;
  return outcome === 'success' ? 'connected' : outcome;
}
