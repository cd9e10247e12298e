import { ApiError } from './error.ts';

/** What is read of an issue that zod found; which of the fields there are depends on the code. */
export interface Issue {
  readonly code?: string | undefined;
  readonly path: readonly PropertyKey[];
  readonly message: string;
  readonly keys?: readonly string[];
  readonly values?: readonly unknown[];
  readonly expected?: string;
  readonly origin?: string;
  readonly inclusive?: boolean;
  readonly minimum?: number | bigint;
  readonly maximum?: number | bigint;
}

/** Answers all issues at once, field by field. `input` is what was checked. */
export function validationError(where: string, issues: readonly Issue[], input: unknown): ApiError {
  const fields = Object.fromEntries(issues.flatMap((issue) => sentences(issue, input)));
  const place = where === 'json' ? 'body' : where;
  return new ApiError('VALIDATION_ERROR', `Invalid ${place}: ${Object.keys(fields).join(', ')}`, fields);
}

function sentences(issue: Issue, input: unknown): [field: string, sentence: string][] {
  const { code, keys = [], path } = issue;
  if (code === 'unrecognized_keys')
    return keys.map((key) => [fieldName([...path, key]), 'Extra inputs are not permitted']);
  const isMissing = path.length > 0 && valueAt(input, path) === undefined;
  return [[fieldName(path), isMissing ? 'Field required' : sentence(issue)]];
}

/** `['retry_status_codes', 1]` as `retry_status_codes[1]`; what is wrong as a whole is the `body`. */
function fieldName(path: readonly PropertyKey[]): string {
  if (path.length === 0) return 'body';
  return path
    .map((part, at) => (typeof part === 'number' ? `[${part}]` : `${at === 0 ? '' : '.'}${String(part)}`))
    .join('');
}

function valueAt(input: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>((value, key) => (value as Record<PropertyKey, unknown> | undefined)?.[key], input);
}

const typeNames: Readonly<Record<string, string>> = {
  int: 'a valid integer, got a number with a fractional part',
  number: 'a valid number',
  boolean: 'a valid boolean',
  string: 'a valid string',
  array: 'a valid list',
  object: 'a valid object',
};

/** In the words that clients of the original know. */
function sentence({ code, message, expected = '', values = [], ...bounds }: Issue): string {
  if (code === 'invalid_type') return `Input should be ${typeNames[expected] ?? `a valid ${expected}`}`;
  if (code === 'invalid_value') return `Input should be ${inWords(values.map((value) => `'${String(value)}'`))}`;
  if (code === 'too_small') return outOfRange('greater', bounds.minimum, bounds);
  if (code === 'too_big') return outOfRange('less', bounds.maximum, bounds);
  return message;
}

function outOfRange(comparison: 'greater' | 'less', limit: number | bigint | undefined, issue: Partial<Issue>): string {
  const subjects: Record<string, string> = { string: 'Length', array: 'Number of items' };
  const orEqual = issue.inclusive === true ? ' or equal to' : '';
  return `${subjects[issue.origin ?? ''] ?? 'Input'} should be ${comparison} than${orEqual} ${limit}`;
}

function inWords(values: readonly string[]): string {
  return values.length < 2 ? values.join('') : `${values.slice(0, -1).join(', ')} or ${values.at(-1)}`;
}
