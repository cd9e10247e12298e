import { AttemptFailure } from '../failure/index.ts';
import type { BanRules, ResponseHead } from '../policy/index.ts';
import { retryAfterOf } from './connect-answer.ts';

/** So much of a body is read for a ban. */
const mostBytes = 64 * 1024;

/** What there is to know of a response besides its head, and of the attempt that it answers. */
export interface BanTerms {
  /** Gives the first bytes of the body as text, so many at most, and leaves them in the response. */
  readonly readStart: (mostBytes: number) => Promise<string>;
  readonly isDirect: boolean;
  readonly mayFailOver: boolean;
  readonly wallNowMs: number;
}

/** The ban that a response is; `undefined` when it is none. Its body is looked at only where a rule asks for that. */
export async function banFailure(
  bans: BanRules,
  head: ResponseHead,
  { readStart, isDirect, mayFailOver, wallNowMs }: BanTerms,
): Promise<AttemptFailure | undefined> {
  const verdict = bans.ofHead(head);
  const isBan = verdict === 'body' ? bans.isBan(head, await readStart(mostBytes)) : verdict === 'banned';
  if (!isBan) return undefined;
  const { status } = head;
  return new AttemptFailure(`the target has banned this address (status ${status})`, {
    fault: isDirect ? 'target' : 'pair',
    mayFailOver,
    phase: 'head',
    status,
    retryAfterMs: retryAfterOf(head.header('retry-after'), wallNowMs),
  });
}
