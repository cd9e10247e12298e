/** How the waits between attempts grow. */
export const BackoffStrategy = {
  /** `baseDelay · multiplier^k`: 1, 2, 4, 8 … */
  EXPONENTIAL: 'exponential',
  /** `baseDelay · (k + 1)`: 1, 2, 3, 4 … */
  LINEAR: 'linear',
  /** `baseDelay`, always. */
  FIXED: 'fixed',
} as const;

/** See {@link BackoffStrategy}. */
export type BackoffStrategy = (typeof BackoffStrategy)[keyof typeof BackoffStrategy];
