import type { CallFailedEvent, CallSucceededEvent, EventListener, RetryScheduledEvent } from '../kernel/index.ts';

/** Where lines go: `console`, or any logger with these. */
export interface LineLog {
  readonly warn: (line: string) => unknown;
  readonly error: (line: string) => unknown;
  /** Without it, what is only worth knowing is not written. */
  readonly info?: (line: string) => unknown;
}

/** The lines of one system. */
export interface LineFormat {
  readonly retry: (event: RetryScheduledEvent) => string;
  readonly failed: (event: CallFailedEvent) => readonly string[];
  /** Only asked about calls that needed more than one attempt. */
  readonly succeeded?: (event: CallSucceededEvent) => string;
}

/** A listener that writes the lines of a format, and nothing for calls that succeed at once. */
export function lineListener(log: LineLog, { retry, failed, succeeded }: LineFormat): EventListener {
  return (event) => {
    if (event.type === 'retry.scheduled') log.warn(retry(event));
    else if (event.type === 'call.failed') for (const line of failed(event)) log.error(line);
    else if (event.type === 'call.succeeded' && event.attempts > 1 && succeeded !== undefined) {
      log.info?.(succeeded(event));
    }
  };
}

/** What happened, as the seeds write it: the message alone. */
export function inWords(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}

/** Milliseconds as seconds, with so many decimals. */
export function seconds(ms: number, decimals: number): string {
  return (ms / 1000).toFixed(decimals);
}
