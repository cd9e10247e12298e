import type { Candidate } from './candidate.ts';
import type { SelectionRequest } from './selection-request.ts';

/** What stands between a request and a candidate that could be used as such. */
export type Obstacle = 'other-region' | 'lacks-tags' | 'excluded' | 'not-accepted';

/** Why a request must not have this candidate; `undefined` when it may. */
export function obstacleTo<C extends Candidate>(candidate: C, request: SelectionRequest<C>): Obstacle | undefined {
  const { region, regionOnly = false, tags = [], exclude, accepts } = request;
  if (regionOnly && region !== undefined && candidate.region !== region) return 'other-region';
  if (!tags.every((tag) => candidate.tags.includes(tag))) return 'lacks-tags';
  if (exclude?.has(candidate) === true) return 'excluded';
  return accepts?.(candidate) === false ? 'not-accepted' : undefined;
}
