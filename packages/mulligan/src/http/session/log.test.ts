import { expect, test } from 'vitest';
import { virtualWorld } from '../../testing/index.ts';
import type { FetchFunction } from '../options.ts';
import { retryOnException } from './retry-on-exception.ts';
import { createRetrySession, getRetrySession } from './retry-session.ts';

const url = 'https://api.github.com/repos/owner/repo/tags';
const reset = Object.assign(new TypeError('fetch failed'), {
  cause: Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' }),
});

/** The lines of a session whose requests end like this. */
async function linesOf(...outcomes: (Response | Error)[]): Promise<string[]> {
  const lines: string[] = [];
  const write = (level: string) => (message: string) => void lines.push(`${level} ${message}`);
  const log = { warn: write('WARNING'), error: write('ERROR'), debug: write('DEBUG') };
  const world = virtualWorld({ seed: () => 0.5, startAt: 100_000 });
  const fetch: FetchFunction = async () => {
    const outcome = outcomes.length > 1 ? outcomes.shift()! : outcomes[0]!;
    if (outcome instanceof Error) throw outcome;
    return outcome.clone();
  };
  const session = createRetrySession({ retries: 1 }, '60s', { fetch, world, log });
  await world.run(session.get(`${url}?access_token=s3cret`)).catch(() => {});
  expect(lines.join('\n')).not.toContain('s3cret');
  expect(lines.shift()).toContain('DEBUG Retry configuration: 1 retries');
  return lines;
}

const busy = new Response('busy', { status: 504 });
const limited = (headers: Record<string, string>): Response =>
  new Response('API rate limit exceeded', { status: 403, headers });

test('a status', async () => {
  expect(await linesOf(busy)).toEqual([
    `WARNING Request failed with status 504 for ${url}. Retrying in 1.5 seconds (attempt 1/2)`,
    `ERROR Request failed with status 504 after 2 attempts for ${url}`,
  ]);
});

test('an error, with what it was caused by', async () => {
  expect(await linesOf(reset)).toEqual([
    `WARNING Request failed for ${url}: fetch failed: read ECONNRESET. Retrying in 1.5 seconds (attempt 1/2)`,
    `ERROR Request failed after 2 attempts for ${url}: fetch failed: read ECONNRESET`,
  ]);
});

test('a limit of GitHub, with and without a reset', async () => {
  const fine = new Response('fine');
  expect(await linesOf(limited({ 'x-ratelimit-reset': '110' }), fine)).toEqual([
    'DEBUG https://api.github.com is not asked for 15.0 seconds',
    `WARNING GitHub API rate limit hit for ${url}. Waiting 15 seconds until reset.`,
  ]);
  expect(await linesOf(limited({}), fine)).toEqual([
    `WARNING GitHub API rate limit hit for ${url}. Retrying in 1.5 seconds (attempt 1/2)`,
  ]);
  const [exhausted] = await linesOf(limited({ 'x-ratelimit-reset': '1000' }));
  expect(exhausted).toBe(
    `ERROR Request failed after 1 attempts for ${url}: GitHub API rate limit exceeded for ${url}. Reset in 905s. ` +
      'Set GITHUB_TOKEN environment variable to increase the rate limit from 60 to 5000 requests/hour.',
  );
});

test('a reset that is no number', async () => {
  const [debug, warning] = await linesOf(limited({ 'x-ratelimit-reset': 'soon' }), new Response('fine'));
  expect(debug).toBe('DEBUG Could not parse GitHub rate limit reset time');
  expect(warning).toBe(`WARNING GitHub API rate limit hit for ${url}. Retrying in 1.5 seconds (attempt 1/2)`);
  expect((await linesOf(limited({ 'x-ratelimit-reset': 'soon' }))).slice(2)).toEqual([
    'DEBUG Could not parse GitHub rate limit reset time',
    `ERROR Request failed after 2 attempts for ${url}: GitHub API rate limit exceeded for ${url}. Reset time unknown. ` +
      'Set GITHUB_TOKEN environment variable to increase the rate limit from 60 to 5000 requests/hour.',
  ]);
});

test('a status that nobody retries is no failure of the session', async () => {
  expect(await linesOf(new Response('not here', { status: 404 }))).toEqual([]);
});

test('what an error says of addresses loses its secrets', async () => {
  const cause = new Error('no route to http://ada:s3cret@proxy.test:8080/');
  const error = Object.assign(new TypeError(`cannot get ${url}?key=s3cret&page=2`), { code: 'ECONNRESET', cause });
  const [line] = await linesOf(error);
  expect(line).toBe(
    `WARNING Request failed for ${url}: cannot get ${url}?…: no route to http://proxy.test:8080/. ` +
      'Retrying in 1.5 seconds (attempt 1/2)',
  );
});

test('a request to nowhere', async () => {
  const lines: string[] = [];
  const log = { warn() {}, error: (line: string) => lines.push(line) };
  await createRetrySession({}, '60s', { log })
    .get('/users?token=s3cret')
    .catch(() => {});
  expect(lines).toEqual([
    'Request failed after 1 attempts for <unknown>: Failed to parse URL from /users?…: Invalid URL',
  ]);
});

test('the configuration, and whether a token is set, but not which', () => {
  const lines: string[] = [];
  const log = { warn() {}, error() {}, debug: (line: string) => lines.push(line) };
  getRetrySession({ env: { GITHUB_TOKEN: 's3cret' }, log });
  getRetrySession({ env: { MULLIGAN_HTTP_RETRIES: '2' }, log });
  createRetrySession({ backoffFactor: 2, statuses: [503], methods: ['GET'] }, '1.5s', { log });
  const seed = 'statuses 408 429 500 502 503 504, methods GET HEAD OPTIONS PUT DELETE POST';
  expect(lines).toEqual([
    'GITHUB_TOKEN is set',
    `Retry configuration: 8 retries, backoff factor 1.5, timeout 120s, ${seed}`,
    'GITHUB_TOKEN is not set',
    `Retry configuration: 2 retries, backoff factor 1.5, timeout 120s, ${seed}`,
    'Retry configuration: 5 retries, backoff factor 2, timeout 1.5s, statuses 503, methods GET',
  ]);
});

test('the lines of a decorated function', async () => {
  const lines: string[] = [];
  const log = {
    warn: (line: string) => lines.push(`WARNING ${line}`),
    error: (line: string) => lines.push(`ERROR ${line}`),
  };
  const downloadMetadata = retryOnException({ maxAttempts: 2, maxBackoff: 0, log })(async function downloadMetadata() {
    throw reset;
  });
  await expect(downloadMetadata()).rejects.toBe(reset);
  expect(lines).toEqual([
    'WARNING Function downloadMetadata failed: fetch failed: read ECONNRESET. Retrying in 0.0 seconds (attempt 1/2)',
    'ERROR Function downloadMetadata failed after 2 attempts: fetch failed: read ECONNRESET',
  ]);
});
