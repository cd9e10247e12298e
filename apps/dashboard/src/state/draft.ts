import type { ConfigJson, PolicyJson } from '@mulligan/proxy';
import type { ScheduledPolicy } from './schedule.ts';
import { type BreakerName, type SettingField, settingFields, type SettingName } from './setting-fields.ts';
import type { Settings } from './state.ts';

/** What stands in the fields of the form, as text. */
export type Draft = Readonly<Record<SettingName, string>>;

/** A sentence for each field that is wrong. */
export type FieldProblems = Partial<Record<SettingName, string>>;

const { policy: policyFields, breaker: breakerFields, choice: choiceFields } = settingFields;
const allFields: readonly SettingField[] = [...policyFields, ...breakerFields, ...choiceFields];

/** What the form shows of the settings. */
export function draftOf({ policy, config }: Settings): Draft {
  const { retry_status_codes: statuses, timeout, ...rest } = policy;
  const shown: Record<string, unknown> = {
    ...rest,
    ...config.circuit_breaker,
    strategy: config.strategy,
    retry_strategy: config.retry_strategy,
    retry_status_codes: statuses.join(', '),
    timeout: timeout ?? '',
  };
  return Object.fromEntries(allFields.map(({ name }) => [name, String(shown[name] ?? '')])) as Record<
    SettingName,
    string
  >;
}

type Value = number | string | boolean | null | readonly number[];

/** What a field holds; `undefined` where it is not even a value of its kind. */
export function valueOf({ name, range, isOptional = false }: SettingField, text: string): Value | undefined {
  if (range !== undefined) {
    if (text.trim() === '') return isOptional ? null : undefined;
    return Number.isFinite(Number(text)) ? Number(text) : undefined;
  }
  if (name === 'retry_status_codes') {
    const codes = text.split(/[\s,]+/u).filter(Boolean);
    return codes.every((code) => /^\d+$/u.test(code)) ? codes.map(Number) : undefined;
  }
  return text === 'true' || text === 'false' ? text === 'true' : text;
}

/** What is wrong with the fields as far as the page can tell; the server has the last word. */
export function problemsOf(draft: Draft): FieldProblems {
  const problems: FieldProblems = {};
  for (const field of allFields) {
    const value = valueOf(field, draft[field.name]);
    if (value !== undefined) continue;
    problems[field.name] =
      field.range === undefined ? 'Codes are numbers, such as 502, 503' : 'A number is needed here';
  }
  return problems;
}

/** Whether a number lies outside of its range: the server will refuse it. */
export function isOutOfRange(field: SettingField, text: string): boolean {
  const value = valueOf(field, text);
  if (field.range === undefined || typeof value !== 'number') return false;
  const { min, max, isWhole = false } = field.range;
  return value < min || value > max || (isWhole && !Number.isInteger(value));
}

/** The changes of a draft, as the two routes of the API take them. */
export interface Changes {
  readonly policy: Partial<PolicyJson>;
  readonly config: Partial<Pick<ConfigJson, 'strategy' | 'retry_strategy'>> & {
    readonly circuit_breaker?: Partial<Record<BreakerName, Value>>;
  };
  readonly count: number;
}

/** What is not as the server has it. */
export function changesOf(draft: Draft, settings: Settings): Changes {
  const saved = draftOf(settings);
  const changed = (fields: readonly SettingField[]): Record<string, Value> =>
    Object.fromEntries(
      fields.flatMap((field) => {
        const value = valueOf(field, draft[field.name]);
        return draft[field.name] === saved[field.name] || value === undefined ? [] : [[field.name, value]];
      }),
    );
  const [policy, breaker, choice] = [changed(policyFields), changed(breakerFields), changed(choiceFields)];
  const config = Object.keys(breaker).length === 0 ? choice : { ...choice, circuit_breaker: breaker };
  const count = allFields.filter(({ name }) => draft[name] !== saved[name]).length;
  return { policy, config, count };
}

/** The policy of a draft, for its schedule; nothing while a value is missing or out of range. */
export function scheduledPolicy(draft: Draft): ScheduledPolicy | undefined {
  const values: Record<string, unknown> = {};
  for (const field of policyFields) {
    const value = valueOf(field, draft[field.name]);
    if (value === undefined || isOutOfRange(field, draft[field.name])) return undefined;
    values[field.name] = value;
  }
  return values as unknown as ScheduledPolicy;
}

/** The sentences of the API by the fields of the form. */
export function problemsFromApi(fields: Readonly<Record<string, string>>): FieldProblems {
  const known = new Set<string>(allFields.map(({ name }) => name));
  const entries = Object.entries(fields).map(([path, sentence]) => [
    path.replace(/^circuit_breaker\./u, '').replace(/\[\d+\]$/u, ''),
    sentence,
  ]);
  return Object.fromEntries(entries.filter(([name = '']) => known.has(name))) as FieldProblems;
}
