import type { HeaderReader } from '../http/index.ts';
import { parseReprDigest } from './digest.ts';

/** By what a server can be asked whether a file is still the same. */
export interface Validator {
  readonly kind: 'etag' | 'last-modified';
  readonly value: string;
}

/** One version of a file, as the head of a response describes it. */
export interface Representation {
  /** `undefined`: there is no way to ask for more of this very version. */
  readonly validator: Validator | undefined;
  /** Its size in bytes, where it is known. */
  readonly total: number | undefined;
  /** Its digest in the form of Subresource Integrity, where the server says it (`Repr-Digest`, RFC 9530). */
  readonly integrity: string | undefined;
  /** What `Content-Disposition` says. */
  readonly disposition: string | undefined;
  /** The body is coded although that was not asked for: what is read from it has another length, and no ranges. */
  readonly isCoded: boolean;
}

/** A date is proof only where the file was at rest: two versions could come within one second. */
const restMs = 60_000;

/** Reads the description of a file out of a response. @param total the size that the response states */
export function representationOf(headers: HeaderReader, total: number | undefined): Representation {
  const isCoded = !['', 'identity'].includes(headers.get('content-encoding')?.trim().toLowerCase() ?? '');
  const digest = headers.get('repr-digest');
  return {
    validator: isCoded ? undefined : validatorOf(headers),
    total: isCoded ? undefined : total,
    integrity: isCoded || digest === null ? undefined : parseReprDigest(digest),
    disposition: headers.get('content-disposition') ?? undefined,
    isCoded,
  };
}

/** A weak tag says that two versions serve the same purpose, not that their bytes are the same (RFC 9110, 8.8.1). */
export function validatorOf(headers: HeaderReader): Validator | undefined {
  const tag = headers.get('etag')?.trim();
  if (tag !== undefined && /^"[^"]*"$/.test(tag)) return { kind: 'etag', value: tag };
  const value = headers.get('last-modified')?.trim();
  if (value === undefined) return undefined;
  const restedMs = Date.parse(headers.get('date') ?? '') - Date.parse(value);
  return restedMs >= restMs ? { kind: 'last-modified', value } : undefined;
}

/** Whether a response shows the validator itself. To say nothing of it proves nothing. */
export function showsValidator(headers: HeaderReader, { kind, value }: Validator): boolean {
  return headers.get(kind)?.trim() === value;
}

/** The size that the head of a whole response states. */
export function lengthIn(headers: HeaderReader): number | undefined {
  const text = headers.get('content-length')?.trim() ?? '';
  return /^\d{1,15}$/.test(text) ? Number(text) : undefined;
}

/** `Content-Range`, read: what part the body is, and of how much; `undefined` for what cannot be understood. */
export function readContentRange(text: string | null): ContentRange | undefined {
  const [, first, last, total] = /^\s*bytes\s+(?:(\d{1,15})-(\d{1,15})|\*)\/(\d{1,15}|\*)\s*$/i.exec(text ?? '') ?? [];
  if (total === undefined) return undefined;
  const size = total === '*' ? undefined : Number(total);
  if (first === undefined) return { span: undefined, total: size };
  const span = { start: Number(first), end: Number(last) + 1 };
  return span.end <= span.start || (size !== undefined && span.end > size) ? undefined : { span, total: size };
}

/** See {@link readContentRange}. */
export interface ContentRange {
  /** `undefined` in the answer to a range that cannot be had. */
  readonly span: { readonly start: number; readonly end: number } | undefined;
  readonly total: number | undefined;
}
