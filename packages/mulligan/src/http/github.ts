import { checkDuration, checkKeys, type Duration, MulliganError } from '../kernel/index.ts';
import { type HeaderReader, readRetryAfter, readServerClock } from './hints.ts';

/** How the rate limits of GitHub's API are followed. */
export interface GitHubOptions {
  /** The hosts of the API, with their ports; matched exactly. @default api.github.com */
  readonly hosts?: Iterable<string>;
  /** The longest wait for a limit to end. @default '120s' (source: Fromager) */
  readonly maxWait?: Duration;
  /**
   * What a call ends with that is given up because of a limit: GitHub's response, or a {@link GitHubRateLimitError}.
   * @default 'response'; sessions: 'error'
   */
  readonly endsWith?: 'response' | 'error';
}

/** {@link GitHubOptions}, checked. */
export interface GitHubPlan {
  readonly hosts: ReadonlySet<string>;
  readonly maxWaitMs: number;
  readonly throws: boolean;
}

/** A limit that GitHub has set. */
export interface GitHubLimit {
  /** `undefined`: it does not say when it ends. */
  readonly waitMs: number | undefined;
}

/** What must be known of a response. */
export interface GitHubAnswer {
  readonly status: number;
  readonly headers: HeaderReader;
  readonly text: string;
  /** Which attempt was answered, from 1. */
  readonly attempt: number;
}

/** The clocks of GitHub's servers do not agree to the second. */
const marginSeconds = 5;
const minuteMs = 60_000;

export function planGitHub(options: GitHubOptions | false | undefined): GitHubPlan | undefined {
  if (options === false) return undefined;
  checkKeys('github', options ?? {}, ['hosts', 'maxWait', 'endsWith']);
  const { hosts = ['api.github.com'], maxWait = '120s', endsWith = 'response' } = options ?? {};
  return { hosts: new Set(hosts), maxWaitMs: checkDuration('github.maxWait', maxWait), throws: endsWith === 'error' };
}

/**
 * Reads a rate limit out of a response; `undefined` when there is none. The primary limit ends at `X-RateLimit-Reset`;
 * the secondary after `Retry-After`, or else not before a minute, and then twice as long each time (GitHub's
 * documentation, "Rate limits for the REST API").
 */
export function readGitHubLimit(answer: GitHubAnswer, wallNowMs: number): GitHubLimit | undefined {
  const { status, headers, text, attempt } = answer;
  const serverNowMs = readServerClock(headers, wallNowMs);
  const retryAfterMs = readRetryAfter(headers, () => serverNowMs);
  const remaining = headers.get('x-ratelimit-remaining');
  const isRefused = status !== 200 && (saysLimit(text) || remaining === '0' || retryAfterMs !== undefined);
  if (!isRefused && !(status === 200 && saysLimitInGraphQL(text))) return undefined;
  if (retryAfterMs !== undefined) return { waitMs: retryAfterMs };
  const isSecondary = remaining === null ? /secondary/i.test(text) : remaining !== '0';
  if (isSecondary) return { waitMs: minuteMs * 2 ** (attempt - 1) };
  const reset = Number(headers.get('x-ratelimit-reset') ?? Number.NaN);
  const waitMs = (reset - Math.floor(serverNowMs / 1000) + marginSeconds) * 1000;
  return { waitMs: waitMs > 0 ? waitMs : undefined };
}

function saysLimit(text: string): boolean {
  return /rate limit/i.test(text);
}

/** GraphQL answers 200 and tells of the limit inside. */
function saysLimitInGraphQL(text: string): boolean {
  if (!/rate.?limit/i.test(text)) return false;
  try {
    const { errors } = JSON.parse(text) as { errors?: readonly { type?: unknown; message?: unknown }[] };
    return errors?.some(({ type, message }) => type === 'RATE_LIMITED' || saysLimit(String(message))) ?? false;
  } catch {
    return false;
  }
}

const limits = new WeakMap<Response, GitHubLimit>();

/** The limit that {@link inspectGitHub} has found in a response. */
export function limitOf(response: Response): GitHubLimit | undefined {
  return limits.get(response);
}

/** Which attempt was answered, to what, and when. */
export interface GitHubExchange {
  readonly method: string;
  readonly url: string;
  readonly attempt: number;
  readonly wallNowMs: number;
}

/**
 * Looks for a limit in a response of GitHub's API, whose body stays readable.
 * @throws {GitHubRateLimitError} when a limit is to be an error
 */
export async function inspectGitHub(plan: GitHubPlan, response: Response, exchange: GitHubExchange): Promise<void> {
  const { status, headers } = response;
  const { method, url, attempt, wallNowMs } = exchange;
  const isGraphQL = method === 'POST' && url.endsWith('/graphql');
  if (status !== 403 && status !== 429 && !(status === 200 && isGraphQL)) return;
  const text = await response.clone().text();
  const limit = readGitHubLimit({ status, headers, text, attempt }, wallNowMs);
  if (limit === undefined) return;
  if (plan.throws) throw new GitHubRateLimitError(url, limit, response);
  limits.set(response, limit);
}

/** GitHub's API limits the calls, and the limit lasts longer than may be waited or tried. */
export class GitHubRateLimitError extends MulliganError implements GitHubLimit {
  override name = 'GitHubRateLimitError';
  readonly url: string;
  /** How long the limit lasts; `undefined` when GitHub does not say. */
  readonly waitMs: number | undefined;
  /** What GitHub answered; its body can be read. */
  readonly response: Response;

  constructor(url: string, { waitMs }: GitHubLimit, response: Response) {
    const reset = waitMs === undefined ? 'Reset time unknown.' : `Reset in ${Math.ceil(waitMs / 1000)}s.`;
    const advice = 'Set GITHUB_TOKEN environment variable to increase the rate limit from 60 to 5000 requests/hour.';
    super('MULLIGAN_GITHUB_RATE_LIMIT', `GitHub API rate limit exceeded for ${url}. ${reset} ${advice}`);
    this.url = url;
    this.waitMs = waitMs;
    this.response = response;
  }
}
