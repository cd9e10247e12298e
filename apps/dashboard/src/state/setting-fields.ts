/** A setting that the form shows. Times in seconds. */
export interface SettingField {
  readonly name: SettingName;
  readonly label: string;
  readonly hint: string;
  readonly unit?: string;
  /** Of a number. */
  readonly range?: { readonly min: number; readonly max: number; readonly isWhole?: boolean };
  /** Whether it may be left empty. */
  readonly isOptional?: boolean;
  /** Of a choice: what is sent, and what is read. */
  readonly options?: readonly { readonly value: string; readonly title: string }[];
}

type PolicyName =
  | 'max_attempts'
  | 'backoff_strategy'
  | 'base_delay'
  | 'multiplier'
  | 'max_backoff_delay'
  | 'jitter'
  | 'retry_status_codes'
  | 'timeout'
  | 'retry_non_idempotent';
export type BreakerName = 'failure_threshold' | 'window_duration' | 'timeout_duration';
type ChoiceName = 'strategy' | 'retry_strategy';
export type SettingName = PolicyName | BreakerName | ChoiceName;

const strategies = [
  { value: 'round-robin', title: 'Round robin' },
  { value: 'random', title: 'Random' },
  { value: 'weighted', title: 'Weighted' },
  { value: 'least-used', title: 'Least used' },
  { value: 'lowest-cost', title: 'Lowest cost' },
  { value: 'best-score', title: 'Best score' },
  { value: 'power-of-two-choices', title: 'Better of two' },
];

/** The fields of the form by group, in their order. The ranges are those of the API. */
export const settingFields: {
  readonly policy: readonly SettingField[];
  readonly breaker: readonly SettingField[];
  readonly choice: readonly SettingField[];
} = {
  policy: [
    {
      name: 'max_attempts',
      label: 'Attempts',
      hint: '1 to 10, the first included',
      range: { min: 1, max: 10, isWhole: true },
    },
    {
      name: 'timeout',
      label: 'Time limit',
      unit: 's',
      hint: 'From 0.1; empty for none',
      range: { min: 0.1, max: Number.POSITIVE_INFINITY },
      isOptional: true,
    },
    {
      name: 'backoff_strategy',
      label: 'Waits grow',
      hint: 'From retry to retry',
      options: [
        { value: 'exponential', title: 'Exponentially' },
        { value: 'linear', title: 'Linearly' },
        { value: 'fixed', title: 'Not at all' },
      ],
    },
    {
      name: 'multiplier',
      label: 'Growth',
      unit: '×',
      hint: '1.1 to 10, if exponential',
      range: { min: 1.1, max: 10 },
    },
    { name: 'base_delay', label: 'First wait', unit: 's', hint: '0.1 to 60', range: { min: 0.1, max: 60 } },
    { name: 'max_backoff_delay', label: 'Longest wait', unit: 's', hint: '1 to 300', range: { min: 1, max: 300 } },
    {
      name: 'jitter',
      label: 'Chance in the waits',
      hint: 'Keeps callers apart',
      options: [
        { value: 'false', title: 'None' },
        { value: 'true', title: 'Up to ±50%' },
        { value: 'decorrelated', title: 'Decorrelated' },
      ],
    },
    { name: 'retry_status_codes', label: 'Statuses to retry', hint: '5xx, 408, 425 and 429' },
    {
      name: 'retry_non_idempotent',
      label: 'POST and PATCH',
      hint: 'May be processed twice',
      options: [
        { value: 'false', title: 'Never retried' },
        { value: 'true', title: 'Retried too' },
      ],
    },
  ],
  breaker: [
    {
      name: 'failure_threshold',
      label: 'Opens after',
      unit: 'failures',
      hint: '1 to 10,000',
      range: { min: 1, max: 10_000, isWhole: true },
      isOptional: true,
    },
    {
      name: 'window_duration',
      label: 'Within',
      unit: 's',
      hint: '0.1 to 86,400',
      range: { min: 0.1, max: 86_400 },
      isOptional: true,
    },
    {
      name: 'timeout_duration',
      label: 'Test after',
      unit: 's',
      hint: '0.1 to 86,400',
      range: { min: 0.1, max: 86_400 },
    },
  ],
  choice: [
    { name: 'strategy', label: 'For first attempts', hint: 'Which proxy comes next', options: strategies },
    { name: 'retry_strategy', label: 'For retries', hint: 'Another one, if there is one', options: strategies },
  ],
};
