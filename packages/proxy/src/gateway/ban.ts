import type { IncomingMessage } from 'node:http';
import { retryAfterOf } from '../dial/index.ts';
import { AttemptFailure } from '../failure/index.ts';
import type { BanRules, ResponseHead } from '../policy/index.ts';
import type { ResponseSituation } from './response-failure.ts';

/** So much of a body is read for a ban. */
const mostBytes = 64 * 1024;

/** The ban that a response is, by the rotator's rules; `undefined` when it is none. It can be read as before. */
export async function banOf(
  bans: BanRules,
  response: IncomingMessage,
  { attempt, message, wallNowMs }: ResponseSituation,
): Promise<AttemptFailure | undefined> {
  const { statusCode: status = 0, headers } = response;
  const header = (name: string): string | undefined => headers[name.toLowerCase()]?.toString();
  const { target, isIdempotent, body } = message;
  const head: ResponseHead = { host: target.place.host, status, header };
  const verdict = bans.ofHead(head);
  if (verdict === 'welcome' || (verdict === 'body' && !bans.isBan(head, await startOf(response)))) return undefined;
  return new AttemptFailure(`the target has banned this address (status ${status})`, {
    fault: attempt.proxy === undefined ? 'target' : 'pair',
    mayFailOver: isIdempotent && body.isReplayable,
    phase: 'head',
    status,
    retryAfterMs: retryAfterOf(header('retry-after'), wallNowMs),
  });
}

/** The beginning of a body, as text; it stays in the response. */
function startOf(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  return new Promise((resolve) => {
    const end = (): void => {
      response.off('readable', onReadable).off('end', end).off('close', end);
      const start = Buffer.concat(chunks);
      if (start.length > 0) response.unshift(start);
      resolve(start.toString('utf8', 0, mostBytes));
    };
    const onReadable = (): void => {
      const chunk = response.read() as Buffer | null;
      if (chunk !== null) bytes += chunks[chunks.push(chunk) - 1]?.length ?? 0;
      // Before the stream says that it has ended: afterwards nothing can be put back.
      if (bytes >= mostBytes || response.complete) end();
    };
    response.on('readable', onReadable).on('end', end).on('close', end);
  });
}
