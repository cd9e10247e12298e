/** Hedge: makes a slow call once more beside itself. */
export { hedge } from './hedge.ts';
export type { HedgeOptions, QuantileDelay } from './options.ts';
