import type { HeaderReader } from '../../http/index.ts';
import type { BucketReport } from './bucket.ts';

/** What the answer of a model's endpoint tells of its limits. */
export interface ModelLimits {
  readonly requests: BucketReport | undefined;
  readonly tokens: BucketReport | undefined;
}

/** How the two families write their headers. */
const families = {
  openai: (of: string, field: string): string => `x-ratelimit-${field}-${of}`,
  anthropic: (of: string, field: string): string => `anthropic-ratelimit-${of}-${field}`,
} as const;

/**
 * Reads the limits of requests and tokens: `x-ratelimit-remaining-tokens` and the like of OpenAI, whose resets are
 * durations such as `6m0s`, and `anthropic-ratelimit-tokens-remaining` and the like, whose resets are times of day.
 * @param wallNowMs the clock here, for a server that sends no `Date`
 */
export function readModelLimits(headers: HeaderReader, wallNowMs: number): ModelLimits {
  const date = Date.parse(headers.get('date') ?? '');
  const serverNowMs = Number.isNaN(date) ? wallNowMs : date;
  const read = (of: string): BucketReport | undefined =>
    readReport(headers, (field) => families.openai(of, field), serverNowMs) ??
    readReport(headers, (field) => families.anthropic(of, field), serverNowMs);
  return { requests: read('requests'), tokens: read('tokens') ?? read('input-tokens') };
}

function readReport(
  headers: HeaderReader,
  nameOf: (field: string) => string,
  serverNowMs: number,
): BucketReport | undefined {
  const remaining = readNumber(headers.get(nameOf('remaining')));
  const resetMs = parseReset(headers.get(nameOf('reset')), serverNowMs);
  if (remaining === undefined || resetMs === undefined) return undefined;
  return { remaining, limit: readNumber(headers.get(nameOf('limit'))), resetMs };
}

const unitMs = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;
const duration = /^(?:\d+(?:\.\d+)?(?:ms|s|m|h|d))+$/;
const durationPart = /(?<amount>\d+(?:\.\d+)?)(?<unit>ms|s|m|h|d)/g;
const timeOfDay = /^\d{4}-\d\d-\d\dT/;

/** Reads `1m30.5s`, `120ms`, plain seconds, or an RFC 3339 time, as milliseconds from now. */
export function parseReset(text: string | null, serverNowMs: number): number | undefined {
  const trimmed = text?.trim() ?? '';
  if (duration.test(trimmed)) {
    let sum = 0;
    for (const { groups } of trimmed.matchAll(durationPart)) {
      sum += Number(groups?.['amount']) * unitMs[groups?.['unit'] as keyof typeof unitMs];
    }
    return sum;
  }
  if (timeOfDay.test(trimmed)) {
    const atMs = Date.parse(trimmed);
    return Number.isNaN(atMs) ? undefined : Math.max(0, atMs - serverNowMs);
  }
  const seconds = readNumber(trimmed);
  return seconds === undefined ? undefined : seconds * 1000;
}

function readNumber(text: string | null): number | undefined {
  const trimmed = text?.trim() ?? '';
  return /^\d+(?:\.\d+)?$/.test(trimmed) ? Number(trimmed) : undefined;
}
