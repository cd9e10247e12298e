/** Readers of the event stream that need nothing but mulligan itself. */
export { describe, type Description, type Severity } from './describe.ts';
export { errorType } from './error-type.ts';
export { type HourPoint, type MetricsStore, metricsStore, type MetricsStoreOptions } from './store.ts';
export type { CallSummary } from './tally.ts';
