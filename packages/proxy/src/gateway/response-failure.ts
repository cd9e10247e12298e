import type { IncomingMessage } from 'node:http';
import { blameFor, retryAfterOf } from '../dial/index.ts';
import { AttemptFailure } from '../failure/index.ts';
import type { FailoverAttempt } from '../rotator/index.ts';
import type { PlainMessage } from './plain-message.ts';
import { isForwarding } from './send-plain.ts';

/** What is known of the attempt that brought a response. */
export interface ResponseSituation {
  readonly attempt: FailoverAttempt;
  readonly message: PlainMessage;
  readonly wallNowMs: number;
}

/**
 * What a response says against the attempt that brought it: nothing, when it is what was asked for. A 407 is the
 * proxy's own and never the client's business; a status that the policy retries may be the proxy's or the target's.
 */
export function failureOfResponse(
  response: IncomingMessage,
  { attempt, message, wallNowMs }: ResponseSituation,
): AttemptFailure | undefined {
  const { isIdempotent, body } = message;
  const status = response.statusCode ?? 0;
  const phase = 'head';
  // Refused before it was handed on: safe to send elsewhere, whatever its method.
  if (status === 407 && isForwarding(attempt)) {
    const sentence = 'the proxy wants other credentials';
    return new AttemptFailure(sentence, { fault: 'proxy', mayFailOver: body.isReplayable, phase, status });
  }
  const mayFailOver = isIdempotent && body.isReplayable;
  if (status < 200) return new AttemptFailure('the response is not HTTP', { fault: 'proxy', mayFailOver, phase });
  if (!attempt.policy.retriesStatus(status)) return undefined;
  const { headers } = response;
  const header = (name: string): string | undefined => headers[name]?.toString();
  return new AttemptFailure(`the response was ${status}`, {
    ...(isForwarding(attempt) ? blameFor(status, header) : { fault: 'target' }),
    mayFailOver,
    phase,
    status,
    retryAfterMs: retryAfterOf(headers['retry-after'], wallNowMs),
  });
}
