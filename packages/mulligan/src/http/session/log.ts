import type { CallFailedEvent, EventListener, RetryScheduledEvent } from '../../kernel/index.ts';
import { GitHubRateLimitError } from '../github.ts';
import { requestOf } from '../request-of.ts';

/** Where a session writes: `console`, or any logger with these. */
export interface SessionLogger {
  readonly warn: (message: string) => unknown;
  readonly error: (message: string) => unknown;
  readonly debug?: (message: string) => unknown;
}

/** A listener that writes the lines of Fromager's `http_retry`, word by word. */
export function sessionLog(log: SessionLogger): EventListener {
  return (event) => {
    if (event.type === 'retry.scheduled') log.warn(ofRetry(event));
    else if (event.type === 'call.failed') log.error(ofFailure(event));
    else if (event.type === 'http.held') log.debug?.(`${event.name} is not asked for ${seconds(event.holdMs)} seconds`);
  };
}

function ofRetry({ name, cause, waitMs, waitSource, attempt, attempts }: RetryScheduledEvent): string {
  const url = urlOf(cause, name);
  const retrying = `Retrying in ${seconds(waitMs)} seconds (attempt ${attempt}/${attempts})`;
  if (cause instanceof GitHubRateLimitError) {
    const what = waitSource === 'rate-limit' ? `Waiting ${Math.ceil(waitMs / 1000)} seconds until reset.` : retrying;
    return `GitHub API rate limit hit for ${url}. ${what}`;
  }
  const status = statusOf(cause);
  if (status !== undefined) return `Request failed with status ${status} for ${url}. ${retrying}`;
  return `Request failed for ${url}: ${inWords(cause)}. ${retrying}`;
}

function ofFailure({ name, error, attempts }: CallFailedEvent): string {
  const url = urlOf(error, name);
  const status = statusOf(error);
  if (status !== undefined) return `Request failed with status ${status} after ${attempts} attempts for ${url}`;
  return `Request failed after ${attempts} attempts for ${url}: ${inWords(error)}`;
}

function urlOf(outcome: unknown, name: string): string {
  return requestOf(outcome)?.url ?? name;
}

function statusOf(outcome: unknown): number | undefined {
  return outcome instanceof Error ? undefined : (outcome as Partial<Response> | undefined)?.status;
}

/** `fetch failed` says nothing; what it was caused by does. */
function inWords(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? `${error.message}: ${error.cause.message}` : error.message;
}

function seconds(ms: number): string {
  return (ms / 1000).toFixed(1);
}
