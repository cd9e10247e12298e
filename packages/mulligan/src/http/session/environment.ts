import { InvalidOptionError, show } from '../../kernel/index.ts';

/** Environment variables. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** What the environment says about sessions. */
export interface SessionSettings {
  /** Tries after the first. */
  readonly retries: number;
  /** The first wait, in seconds. */
  readonly backoffFactor: number;
  /** Of one attempt, in seconds. */
  readonly timeoutSeconds: number;
}

/** What holds where the environment says nothing. Source: the documentation of Fromager. */
const defaults: SessionSettings = Object.freeze({ retries: 8, backoffFactor: 1.5, timeoutSeconds: 120 });

/** The variables of this process; none where the platform has no such thing. */
export function processEnvironment(): Environment {
  return (globalThis as { process?: { env?: Environment } }).process?.env ?? {};
}

/**
 * Reads `MULLIGAN_HTTP_RETRIES`, `MULLIGAN_HTTP_BACKOFF_FACTOR` and `MULLIGAN_HTTP_TIMEOUT` (seconds); where one is not
 * set or empty, the `FROMAGER_HTTP_…` of the same name.
 * @throws {InvalidOptionError} for a value that is no such number
 */
export function readSessionSettings(env: Environment): SessionSettings {
  return {
    retries: readNumber(env, 'RETRIES', 'a whole number of at least 0', Number.isInteger) ?? defaults.retries,
    backoffFactor: readNumber(env, 'BACKOFF_FACTOR', 'a number of at least 0') ?? defaults.backoffFactor,
    timeoutSeconds:
      readNumber(env, 'TIMEOUT', 'a number of seconds above 0', (seconds) => seconds > 0) ?? defaults.timeoutSeconds,
  };
}

function readNumber(
  env: Environment,
  suffix: string,
  kind: string,
  isAllowed: (value: number) => boolean = () => true,
): number | undefined {
  for (const name of [`MULLIGAN_HTTP_${suffix}`, `FROMAGER_HTTP_${suffix}`]) {
    const text = env[name]?.trim() ?? '';
    if (text === '') continue;
    const value = Number(text);
    if (Number.isFinite(value) && value >= 0 && isAllowed(value)) return value;
    throw new InvalidOptionError(name, text, `${name} must be ${kind}, got ${show(text)}`);
  }
  return undefined;
}
