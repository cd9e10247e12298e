// Seed 1: a session as the environment wants it, its log, and the token of GitHub.
// #region session
import { getRetrySession, GitHubRateLimitError, raiseForStatus } from 'mulligan/http';
// #endregion
import { serve } from './support/serve.ts';

let requests = 0;
const tokens: (string | undefined)[] = [];
const server = await serve(({ url, headers }, reply) => {
  requests++;
  tokens.push(headers.authorization);
  const [status, fields, text]: [number, Record<string, string>, string] =
    url === '/repos/owner/limited/tags'
      ? [403, { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '4102444800' }, 'API rate limit exceeded']
      : requests === 1
        ? [504, {}, '']
        : requests === 2
          ? [403, { 'retry-after': '2' }, 'You have exceeded a secondary rate limit']
          : [200, {}, '["v1.0"]'];
  reply.writeHead(status, fields).end(text);
});
const api = server.url;
process.env['MULLIGAN_HTTP_RETRIES'] = '4';
process.env['FROMAGER_HTTP_BACKOFF_FACTOR'] = '0.1';
process.env['GITHUB_TOKEN'] = 't0ken';
process.env['GITHUB_API_URL'] = api;
const write = (level: string) => (line: string) =>
  console.log(
    `${level} ${line.replaceAll(api, 'http://…').replaceAll(/\d+(?:\.\d+)?(?= seconds)|(?<=in )\d+(?=s)/gu, '…')}`,
  );
const log = { debug: write('DEBUG'), info: write('INFO'), warn: write('WARNING'), error: write('ERROR') };

// #region session
// MULLIGAN_HTTP_RETRIES (8), MULLIGAN_HTTP_BACKOFF_FACTOR (1.5), MULLIGAN_HTTP_TIMEOUT (120), or the same with FROMAGER_;
// GITHUB_TOKEN goes to GitHub's API and nowhere else.
const session = getRetrySession({ log });

const response = await session.get(`${api}/repos/owner/repo/tags`);
const tags = await raiseForStatus(response).json();
// #endregion
console.log(tags, `${requests} requests`, `with the token: ${tokens.every((token) => token === 'token t0ken')}`);

// #region limit
try {
  await session.get(`${api}/repos/owner/limited/tags`);
} catch (error) {
  // The limit lasts longer than the two minutes that are waited for one: nothing is sent again.
  if (!(error instanceof GitHubRateLimitError)) throw error;
  console.log(`until then ${(error.waitMs ?? 0) > 120_000 ? 'more than two minutes' : 'a moment'}`);
}
// #endregion
await server.close();
