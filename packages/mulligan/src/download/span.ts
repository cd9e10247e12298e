/** Bytes of a file from `start` up to, but without, `end`. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** Spans in order, none touching another: what there is of a file. */
export type Spans = readonly Span[];

/** The spans and one more. */
export function addSpan(spans: Spans, added: Span): Spans {
  if (added.end <= added.start) return spans;
  const before = spans.filter(({ end }) => end < added.start);
  const after = spans.filter(({ start }) => start > added.end);
  const touched = spans.slice(before.length, spans.length - after.length);
  const start = Math.min(added.start, ...touched.map((span) => span.start));
  const end = Math.max(added.end, ...touched.map((span) => span.end));
  return [...before, { start, end }, ...after];
}

/** How many bytes the spans hold. */
export function lengthOf(spans: Spans): number {
  return spans.reduce((sum, { start, end }) => sum + end - start, 0);
}

/** Where the first byte is that the spans lack, and where the next one is that they have; `Infinity`: none. */
export function firstGap(spans: Spans): Span {
  const [first, second] = spans;
  if (first === undefined || first.start > 0) return { start: 0, end: first?.start ?? Number.POSITIVE_INFINITY };
  return { start: first.end, end: second?.start ?? Number.POSITIVE_INFINITY };
}

/** What the spans lack below `total`, at most `size` bytes of it; `undefined` when they lack nothing. */
export function nextGap(spans: Spans, total: number, size: number = Number.POSITIVE_INFINITY): Span | undefined {
  const { start, end } = firstGap(spans);
  return start >= total ? undefined : { start, end: Math.min(end, total, start + size) };
}

/** The spans below `end`. */
export function clipSpans(spans: Spans, end: number): Spans {
  return spans.flatMap((span) => (span.start < end ? [{ start: span.start, end: Math.min(span.end, end) }] : []));
}
