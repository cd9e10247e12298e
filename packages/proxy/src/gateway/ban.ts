import type { IncomingMessage } from 'node:http';
import { banFailure } from '../dial/index.ts';
import type { AttemptFailure } from '../failure/index.ts';
import type { BanRules } from '../policy/index.ts';
import type { ResponseSituation } from './response-failure.ts';

/** The ban that a response is, by the rotator's rules; `undefined` when it is none. It can be read as before. */
export function banOf(
  bans: BanRules,
  response: IncomingMessage,
  { attempt, message, wallNowMs }: ResponseSituation,
): Promise<AttemptFailure | undefined> {
  const { statusCode: status = 0, headers } = response;
  const { target, isIdempotent, body } = message;
  const header = (name: string): string | undefined => headers[name.toLowerCase()]?.toString();
  return banFailure(
    bans,
    { host: target.place.host, status, header },
    {
      readStart: (mostBytes) => startOf(response, mostBytes),
      isDirect: attempt.proxy === undefined,
      mayFailOver: isIdempotent && body.isReplayable,
      wallNowMs,
    },
  );
}

/** The beginning of a body, as text; it stays in the response. */
function startOf(response: IncomingMessage, mostBytes: number): Promise<string> {
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
