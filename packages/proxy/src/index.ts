/** A pool of proxies: a rotator for programs, a gateway for everybody, and a REST API that shows and steers both. */
export * from './address/index.ts';
export * from './failure/index.ts';
export * from './policy/index.ts';
export * from './metrics/index.ts';
export * from './pool/index.ts';
export {
  type CandidateExplanation,
  type ChoicesStrategy,
  type Explanation,
  type LotStrategy,
  type RankStrategy,
  score,
  type ScoreInput,
  type Strategy,
  type StrategyName,
  strategyNames,
} from './select/index.ts';
export * from './rotator/index.ts';
export * from './health/index.ts';
export * from './gateway/index.ts';
export * from './api/index.ts';
export * from './server/index.ts';
