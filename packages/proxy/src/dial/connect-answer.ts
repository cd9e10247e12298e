import { AttemptFailure, type AttemptFailureDetails } from '../failure/index.ts';
import type { AnswerHead } from './head.ts';

/** RFC 9209 error types, and Squid's names, for what lies behind the proxy. */
const targetErrors = /\berror\s*=\s*"?(?:destination_|dns_|connection_(?:refused|terminated|timeout|read_timeout))/iu;
const squidTargetErrors =
  /^ERR_(?:CONNECT_FAIL|DNS_FAIL|READ_TIMEOUT|READ_ERROR|WRITE_ERROR|ZERO_SIZE_OBJECT|SECURE_CONNECT_FAIL)\b/u;

/** Statuses that a target, or a proxy on its behalf, gives to those it does not want. */
const banned: ReadonlySet<number> = new Set([403, 429, 451]);

type Judgement = Pick<AttemptFailureDetails, 'fault' | 'isAmbiguous'>;

/**
 * Who is to blame for an answer that a proxy gave instead of what was asked for. What the proxy says of itself
 * decides (`Proxy-Status`, `X-Squid-Error`); an unexplained 5xx is a guess.
 */
export function blameFor(status: number, header: (name: string) => string | undefined): Judgement {
  if (banned.has(status)) return { fault: 'pair' };
  const isTargets =
    targetErrors.test(header('proxy-status') ?? '') || squidTargetErrors.test(header('x-squid-error') ?? '');
  if (isTargets) return { fault: 'target' };
  return { fault: 'proxy', isAmbiguous: status >= 500 };
}

/** What an answer to CONNECT other than 2xx means. The target has seen no byte of the request: any other may do it. */
export function failureOfAnswer({ status, headers }: AnswerHead, wallNowMs: number): AttemptFailure {
  return new AttemptFailure(`the proxy answered CONNECT with ${status}`, {
    ...blameFor(status, (name) => headers.get(name)),
    mayFailOver: true,
    phase: 'handshake',
    status,
    retryAfterMs: retryAfterOf(headers.get('retry-after'), wallNowMs),
  });
}

/** Reads `Retry-After`: seconds, or a date. */
export function retryAfterOf(value: string | undefined, wallNowMs: number): number | undefined {
  if (value === undefined) return undefined;
  const ms = /^\d{1,9}$/u.test(value) ? Number(value) * 1000 : Date.parse(value) - wallNowMs;
  return Number.isNaN(ms) ? undefined : Math.max(0, ms);
}
