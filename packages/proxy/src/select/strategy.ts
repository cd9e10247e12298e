import { InvalidOptionError, show } from 'mulligan';
import type { Candidate } from './candidate.ts';
import { score } from './score.ts';

/** Chooses the one with the highest rank; of several, the one that was added first. */
export interface RankStrategy {
  readonly name: string;
  readonly kind: 'rank';
  /** Whether the rank itself prefers the region of the request. If not, that region comes first whatever the rank. */
  readonly weighsRegion?: boolean;
  /** Whether the rank changes with the turn. */
  readonly takesTurns?: boolean;
  /**
   * @param isInRegion whether the candidate is in the region that the request prefers
   * @param turn when it was chosen last: 0 for never, and higher the later
   */
  rank(candidate: Candidate, isInRegion: boolean, turn: number): number;
}

/** Draws by lot, with chances in proportion to the weights. */
export interface LotStrategy {
  readonly name: string;
  readonly kind: 'lot';
  weight(candidate: Candidate): number;
}

/** Draws two by lot and chooses the one with less load: nearly as good as knowing all, and no two callers flock. */
export interface ChoicesStrategy {
  readonly name: string;
  readonly kind: 'choices';
  /** @param typicalMs the usual latency, for candidates that have shown none; 0 before any has */
  load(candidate: Candidate, typicalMs: number): number;
}

/** How one of many proxies is chosen. */
export type Strategy = RankStrategy | LotStrategy | ChoicesStrategy;

/** The strategies that come with mulligan. */
export type StrategyName =
  | 'round-robin'
  | 'random'
  | 'weighted'
  | 'least-used'
  | 'lowest-cost'
  | 'best-score'
  | 'power-of-two-choices';

/** An unknown proxy is thought to be quicker than usual, so that it gets its chance. */
const optimism = 0.5;

function load({ stats }: Candidate, typicalMs: number): number {
  const { ewmaLatencyMs, ewmaSuccess, inFlight } = stats;
  const success = Math.max(ewmaSuccess, 0.01);
  if (ewmaLatencyMs !== undefined) return (ewmaLatencyMs * (inFlight + 1)) / success;
  // Its chance, but not everybody's at once: whoever uses it now finds out for all.
  return (typicalMs * optimism * (inFlight + 1) ** 2) / success;
}

const strategies: Readonly<Record<StrategyName, Strategy>> = {
  'round-robin': {
    name: 'round-robin',
    kind: 'rank',
    takesTurns: true,
    rank: (_candidate, _isInRegion, turn) => -turn,
  },
  random: { name: 'random', kind: 'lot', weight: () => 1 },
  weighted: { name: 'weighted', kind: 'lot', weight: ({ weight }) => weight },
  'least-used': { name: 'least-used', kind: 'rank', rank: ({ stats }) => -stats.started },
  'lowest-cost': { name: 'lowest-cost', kind: 'rank', rank: ({ cost }) => -cost },
  'best-score': {
    name: 'best-score',
    kind: 'rank',
    weighsRegion: true,
    rank: ({ stats: { requests, successes, recentLatencyMs } }, isInRegion) =>
      score({ requests, successes, latencyMs: recentLatencyMs, isInRegion }),
  },
  'power-of-two-choices': { name: 'power-of-two-choices', kind: 'choices', load },
};

/** The names of the strategies that come with mulligan. */
export const strategyNames: readonly StrategyName[] = Object.keys(strategies) as StrategyName[];

/** The strategy of this name; one of the caller's own is taken as it is. */
export function resolveStrategy(option: string, strategy: StrategyName | Strategy): Strategy {
  if (typeof strategy === 'object' && strategy !== null && 'kind' in strategy) return strategy;
  if (typeof strategy === 'string' && Object.hasOwn(strategies, strategy)) return strategies[strategy];
  const names = strategyNames.map((name) => `'${name}'`).join(', ');
  throw new InvalidOptionError(option, strategy, `${option} must be one of ${names}, got ${show(strategy)}`);
}
