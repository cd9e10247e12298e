import { type EventListener, type MulliganEvent, onEvent, type Subscription } from '../kernel/index.ts';
import { describe, type Severity } from './describe.ts';

type Write = (...parts: never[]) => unknown;

/** Any logger with `warn`: pino, winston, consola, `console`. Where it lacks `error`, errors go to `warn`. */
export interface Logger {
  readonly warn: Write;
  readonly error?: Write;
  readonly info?: Write;
  readonly debug?: Write;
}

/** Options of {@link logListener}. */
export interface LogOptions {
  /** The least severity that is written. Default `'info'`. */
  readonly level?: Severity;
  /**
   * Whether the fields come before the message, as pino wants them, or after it. Default: found out from the logger.
   */
  readonly fieldsFirst?: boolean;
}

const severities: readonly Severity[] = ['debug', 'info', 'warn', 'error'];

/**
 * A listener that writes one line for each event: a sentence, and the same as fields. It never writes the arguments
 * of a call, which may be secret.
 *
 * @example
 * retry({ onEvent: logListener(pino()) });
 */
export function logListener(logger: Logger, options: LogOptions = {}): EventListener {
  const { level = 'info', fieldsFirst = isPino(logger) } = options;
  const least = severities.indexOf(level);
  return (event: MulliganEvent) => {
    const { severity, message, fields } = describe(event);
    if (severities.indexOf(severity) < least) return;
    write(logger, severity, fieldsFirst ? [fields, message] : [message, fields]);
  };
}

/** Writes a line for everything that happens in this process, until the subscription ends. */
export function logEvents(logger: Logger, options?: LogOptions): Subscription {
  return onEvent(logListener(logger, options));
}

function write(logger: Logger, severity: Severity, parts: readonly unknown[]): void {
  const method = logger[severity] ?? (severity === 'error' ? logger.warn : undefined);
  // Applied to the logger: winston and pino need their `this`.
  if (method !== undefined) Reflect.apply(method, logger, parts);
}

/** pino takes the fields first; it is the only one of them with `bindings`. */
function isPino(logger: object): boolean {
  return typeof Reflect.get(logger, 'bindings') === 'function';
}
