import type { CallFailedEvent, EventListener, MulliganEvent, RetryScheduledEvent } from '../../kernel/index.ts';
import { withoutSecrets } from '../address.ts';
import { GitHubRateLimitError } from '../github.ts';
import { requestOf } from '../request-of.ts';

/** Where a session writes: `console`, or any logger with these. */
export interface SessionLogger {
  readonly warn: (message: string) => unknown;
  readonly error: (message: string) => unknown;
  readonly info?: (message: string) => unknown;
  readonly debug?: (message: string) => unknown;
}

/** A listener that writes the lines of Fromager's `http_retry`, word by word. Addresses come without what is secret. */
export function sessionLog(log: SessionLogger): EventListener {
  return (event) => {
    if (hasUnreadableReset(event)) log.debug?.('Could not parse GitHub rate limit reset time');
    if (event.type === 'retry.scheduled') log.warn(ofRetry(event));
    else if (event.type === 'call.failed' && event.reason !== 'nested') log.error(ofFailure(event));
    else if (event.type === 'http.held') log.debug?.(`${event.name} is not asked for ${seconds(event.holdMs)} seconds`);
  };
}

/** A listener that writes the lines of Fromager's `retry_on_exception`, word by word. */
export function functionLog(log: SessionLogger): EventListener {
  return (event) => {
    if (event.type === 'retry.scheduled') {
      log.warn(`Function ${event.name} failed: ${inWords(event.cause)}. ${retrying(event)}`);
    } else if (event.type === 'call.failed') {
      log.error(`Function ${event.name} failed after ${event.attempts} attempts: ${inWords(event.error)}`);
    }
  };
}

function ofRetry(event: RetryScheduledEvent): string {
  const { cause, waitMs, waitSource } = event;
  const url = urlOf(cause);
  if (cause instanceof GitHubRateLimitError) {
    const isKnown = waitSource === 'rate-limit';
    const what = isKnown ? `Waiting ${Math.ceil(waitMs / 1000)} seconds until reset.` : retrying(event);
    return `GitHub API rate limit hit for ${url}. ${what}`;
  }
  const status = statusOf(cause);
  if (status !== undefined) return `Request failed with status ${status} for ${url}. ${retrying(event)}`;
  return `Request failed for ${url}: ${inWords(cause)}. ${retrying(event)}`;
}

function retrying({ waitMs, attempt, attempts }: RetryScheduledEvent): string {
  return `Retrying in ${seconds(waitMs)} seconds (attempt ${attempt}/${attempts})`;
}

function ofFailure({ error, attempts }: CallFailedEvent): string {
  const url = urlOf(error);
  const status = statusOf(error);
  if (status !== undefined) return `Request failed with status ${status} after ${attempts} attempts for ${url}`;
  return `Request failed after ${attempts} attempts for ${url}: ${inWords(error)}`;
}

function hasUnreadableReset(event: MulliganEvent): boolean {
  if (event.type !== 'retry.scheduled' && event.type !== 'call.failed') return false;
  const limit = event.type === 'call.failed' ? event.error : event.cause;
  if (!(limit instanceof GitHubRateLimitError)) return false;
  const reset = limit.response.headers.get('x-ratelimit-reset');
  return reset !== null && Number.isNaN(Number(reset));
}

function urlOf(outcome: unknown): string {
  return requestOf(outcome)?.url || '<unknown>';
}

function statusOf(outcome: unknown): number | undefined {
  return outcome instanceof Error ? undefined : (outcome as Partial<Response> | undefined)?.status;
}

/** `fetch failed` says nothing; what it was caused by does. */
function inWords(error: unknown): string {
  if (!(error instanceof Error)) return withoutSecrets(String(error));
  return withoutSecrets(error.cause instanceof Error ? `${error.message}: ${error.cause.message}` : error.message);
}

function seconds(ms: number): string {
  return (ms / 1000).toFixed(1);
}
