import type { HeaderReader } from '../http/index.ts';
import { lengthIn, readContentRange, type Representation, representationOf, showsValidator } from './representation.ts';
import type { Asked } from './request.ts';
import type { Span } from './span.ts';

/** The head of a response. */
export interface Answer {
  readonly status: number;
  readonly headers: HeaderReader;
}

/** What a response is good for. */
export type Judgement =
  /** It is the file from its first byte on: whatever there was of it before is void. */
  | { readonly kind: 'whole'; readonly representation: Representation }
  /** It is this part of the file. */
  | { readonly kind: 'part'; readonly span: Span; readonly representation: Representation }
  /** There is nothing behind what is there already. */
  | { readonly kind: 'complete'; readonly total: number }
  /** It cannot be used, and what there is cannot be trusted any more. */
  | { readonly kind: 'useless'; readonly why: string }
  /** The status says that it failed. */
  | { readonly kind: 'failed' };

/** Decides what a response is good for. A part is believed only where it proves itself. */
export function judge(answer: Answer, asked: Asked): Judgement {
  const { status, headers } = answer;
  if (status === 206) return judgePart(headers, asked);
  if (status === 416 && asked.range !== undefined) return judgeNothing(headers, asked);
  if (status >= 400) return { kind: 'failed' };
  if (status !== 200 && status !== 203) return useless(`status ${status}, which comes without the file`);
  return { kind: 'whole', representation: representationOf(headers, lengthIn(headers)) };
}

function judgePart(headers: HeaderReader, { range, known, proof }: Asked): Judgement {
  if (range === undefined) return useless('a part of the file, which it was not asked for');
  const { span, total } = readContentRange(headers.get('content-range')) ?? {};
  if (span === undefined) return useless('a part of the file without saying which');
  if (span.start !== range.start || span.end > range.end) {
    return useless(`bytes ${span.start} to ${span.end - 1}, which it was not asked for`);
  }
  const representation = representationOf(headers, total);
  if (representation.isCoded) return useless('a part of a compressed file');
  const doubt = known === undefined ? doubtAlone(representation) : doubtBeside(headers, known, representation, proof);
  if (doubt !== undefined) return useless(doubt);
  return {
    kind: 'part',
    span,
    representation: known === undefined ? representation : { ...known, total: known.total ?? total },
  };
}

/** The first part of all: others must be able to follow. */
function doubtAlone({ validator }: Representation): string | undefined {
  return validator === undefined ? 'a part of a file that cannot be told from its other versions' : undefined;
}

/** Why a part may be of another version than the one that there is; `undefined`: it is of the same. */
function doubtBeside(
  headers: HeaderReader,
  known: Representation,
  shown: Representation,
  proof: Asked['proof'],
): string | undefined {
  if (shown.total !== undefined && known.total !== undefined && shown.total !== known.total) {
    return `a part of a file of ${shown.total} bytes in place of ${known.total}`;
  }
  if (shown.integrity !== undefined && known.integrity !== undefined && shown.integrity !== known.integrity) {
    return 'a part of a file with another digest';
  }
  if (proof === 'digest') return shown.total === undefined ? 'a part of a file of unknown size' : undefined;
  const isProved = known.validator !== undefined && showsValidator(headers, known.validator);
  return isProved ? undefined : `a part of another version, or one that does not show which`;
}

function judgeNothing(headers: HeaderReader, { range, known }: Asked): Judgement {
  const { total } = readContentRange(headers.get('content-range')) ?? {};
  const isProved = known?.validator !== undefined && showsValidator(headers, known.validator);
  const isSameSize = known?.total === undefined || known.total === total;
  if (isProved && isSameSize && total !== undefined && total === range?.start) return { kind: 'complete', total };
  return useless('no such part, although there should be one');
}

function useless(why: string): Judgement {
  return { kind: 'useless', why };
}
