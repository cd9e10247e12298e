/** Which proxy next. */
export type { Candidate } from './candidate.ts';
export { ExpiringMap } from './expiring-map.ts';
export { type CandidateExplanation, type Explanation, explainChoice } from './explain.ts';
export { score, type ScoreInput } from './score.ts';
export type { SelectionRequest } from './selection-request.ts';
export { Selector, type SelectorOptions } from './selector.ts';
export {
  type ChoicesStrategy,
  type LotStrategy,
  type RankStrategy,
  type Strategy,
  type StrategyName,
  strategyNames,
} from './strategy.ts';
