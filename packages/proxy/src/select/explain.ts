import type { Candidate } from './candidate.ts';
import { obstacleTo } from './obstacle.ts';
import type { SelectionRequest } from './selection-request.ts';
import type { Selector } from './selector.ts';

/** What became of one candidate in a choice. */
export interface CandidateExplanation {
  readonly id: string;
  /**
   * `'chosen'`, `'passed-over'` (another was better, or luckier), `'excluded'` (tried before), `'resting'` (not for
   * this target now), `'other-region'`, `'lacks-tags'`, or why it cannot be used now: `'paused'`, `'busy'`, `'paced'`,
   * `'breaker-open'`, `'half-open'`.
   */
  readonly verdict: string;
  /** What the strategy goes by: a rank (the highest wins), a load (the lowest wins) or a weight. */
  readonly value: number | undefined;
}

/** Why a choice was made. */
export interface Explanation {
  readonly strategy: string;
  readonly chosen: string | undefined;
  /** The choice is the one that the session has had before. */
  readonly isHeldBySession: boolean;
  readonly candidates: readonly CandidateExplanation[];
}

/** Explains a choice: looks at every candidate, so it is for people and not for every request. */
export function explainChoice<C extends Candidate>(
  selector: Selector<C>,
  request: SelectionRequest<C> = {},
  chosen: C | undefined = selector.peek(request),
): Explanation {
  const { name } = request.isRetry === true ? selector.retryStrategy : selector.strategy;
  const candidates: CandidateExplanation[] = [];
  for (const candidate of selector) {
    const verdict = candidate === chosen ? 'chosen' : (whyNot(candidate, request) ?? 'passed-over');
    candidates.push({ id: candidate.id, verdict, value: selector.rankOf(candidate, request) });
  }
  const isHeldBySession = chosen !== undefined && selector.isHeld(chosen, request.session);
  return { strategy: name, chosen: chosen?.id, isHeldBySession, candidates };
}

function whyNot<C extends Candidate>(candidate: C, request: SelectionRequest<C>): string | undefined {
  const obstacle = obstacleTo(candidate, request);
  const { reason } = candidate.availability();
  return obstacle === 'not-accepted' ? (reason ?? 'resting') : (obstacle ?? reason);
}
