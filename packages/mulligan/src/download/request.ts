import type { Representation } from './representation.ts';
import type { Span } from './span.ts';

/** What a request asks for, and by what its answer is measured. */
export interface Asked {
  /** `undefined`: all of it. The end may be `Infinity`. */
  readonly range: Span | undefined;
  /** What there is a part of already. */
  readonly known: Representation | undefined;
  /**
   * What proves that an answer belongs to what there is: the validator, or the digest that the whole will be measured by,
   * for which it is enough that the size is the same.
   */
  readonly proof: 'validator' | 'digest';
}

/** What must be known to ask for more of a file. */
export interface Situation {
  readonly known: Representation | undefined;
  /** What is missing; the end may be `Infinity`. */
  readonly gap: Span;
  /** Whether the address is the one that the part came from. */
  readonly isSameSource: boolean;
  /** Whether the caller has given a digest. */
  readonly hasDigest: boolean;
  /** Whether to ask for a range although there is nothing yet. */
  readonly isProbe: boolean;
}

/**
 * Decides what to ask for: the rest only where it can be proved to be the rest of the same file, or else all of it.
 * At another address the same entity tag is such a proof, a date is none.
 */
export function askFor({ known, gap, isSameSource, hasDigest, isProbe }: Situation): Asked {
  if (known === undefined) return { range: isProbe ? gap : undefined, known, proof: 'validator' };
  const { validator, total } = known;
  const whole: Asked = { range: undefined, known: undefined, proof: 'validator' };
  if (validator === undefined) return whole;
  const range = { start: gap.start, end: gap.end === total ? Number.POSITIVE_INFINITY : gap.end };
  if (isSameSource) return { range, known, proof: 'validator' };
  if (hasDigest && total !== undefined) return { range, known, proof: 'digest' };
  return validator.kind === 'etag' ? { range, known, proof: 'validator' } : whole;
}

/** The headers of a request. `identity`: a range of a coded body is of no use to anybody. */
export function headersFor({ range, known, proof }: Asked): Record<string, string> {
  const headers: Record<string, string> = { 'accept-encoding': 'identity' };
  if (range === undefined) return headers;
  headers['range'] = `bytes=${range.start}-${Number.isFinite(range.end) ? range.end - 1 : ''}`;
  if (known?.validator !== undefined && proof === 'validator') headers['if-range'] = known.validator.value;
  return headers;
}
