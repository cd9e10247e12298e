// Seed 2, example 2: retry a rate limit, but never wrong credentials.
// #region exceptions
import { retry, TimeoutError } from 'mulligan';
import { client } from 'mulligan/presets';
// #endregion
import { answering, serve } from './support/serve.ts';

// #region exceptions
class RateLimitError extends Error {}
class AuthenticationError extends Error {}

const config = client.retryConfig({
  maxRetries: 3,
  initialDelay: '0.1s',
  retryableExceptions: [RateLimitError, TimeoutError],
  fatalExceptions: [AuthenticationError, RangeError],
});

const apiWithRateLimit = retry(config)(async (url: string) => {
  const response = await fetch(url);
  if (response.status === 429) throw new RateLimitError('Rate limit exceeded');
  if (response.status === 401) throw new AuthenticationError('Invalid credentials');
  return response.text();
});
// #endregion

const limited = await serve(answering(429, 429, 200));
console.log(`after a rate limit: ${await apiWithRateLimit(limited.url)}`);
await limited.close();

let requests = 0;
const locked = await serve((_request, reply) => {
  requests++;
  reply.writeHead(401).end();
});
await apiWithRateLimit(locked.url).catch((error: unknown) => {
  if (!(error instanceof AuthenticationError)) throw error;
  console.log(`${error.message}, after ${requests} request`);
});
await locked.close();
