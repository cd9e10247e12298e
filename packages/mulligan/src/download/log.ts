import type { EventListener } from '../kernel/index.ts';
import { HttpStatusError, type SessionLogger } from '../http/index.ts';
import { OtherVersionError } from './exchange.ts';
import type { DownloadPlan } from './plan.ts';
import type { Recovery } from './recovery.ts';

/** Hears the events of one line of requests, and writes them in the lines of Fromager's sessions. */
export function lineListener({ log, onEvent }: DownloadPlan, recovery: Recovery): EventListener | undefined {
  if (log === undefined) return onEvent;
  const write = lines(log, recovery);
  return (event) => {
    write(event);
    onEvent?.(event);
  };
}

function lines(log: SessionLogger, { patience }: Recovery): EventListener {
  return (event) => {
    if (event.type === 'retry.scheduled') {
      const seconds = (event.waitMs / 1000).toFixed(1);
      const { failures, attempts } = patience;
      log.warn(`${failure(event.name, event.cause)}. Retrying in ${seconds} seconds (attempt ${failures}/${attempts})`);
    } else if (
      event.type === 'call.failed' &&
      event.reason !== 'aborted' &&
      !(event.error instanceof OtherVersionError)
    ) {
      log.error(`${failure(event.name, event.error)}. Given up after ${event.attempts} attempts`);
    }
  };
}

function failure(url: string, error: unknown): string {
  if (error instanceof HttpStatusError) return `Request failed with status ${error.status} for ${url}`;
  return `Request failed for ${url}: ${inWords(error).replace(`${url}: `, '')}`;
}

/** `fetch failed` says nothing; what it was caused by does. No address in it shows more than its path. */
function inWords(error: unknown): string {
  if (!(error instanceof Error)) return 'an error';
  const text = error.cause instanceof Error ? `${error.message}: ${error.cause.message}` : error.message;
  return text.replaceAll(/\/\/[^\s/?#]*@/g, '//').replaceAll(/\?\S+/g, '?…');
}
