import type { Owner } from './owner.ts';
import type { Representation, Validator } from './representation.ts';
import type { Span, Spans } from './span.ts';

/** What is written down beside an unfinished file: all that another process needs to go on with it. */
export interface Journal {
  readonly owner: Owner;
  /** The name of the unfinished file, in the same folder. */
  readonly part: string;
  /** Which address it comes from; see `sourceKey`. */
  readonly source: string;
  /** The same for people, without what is secret. */
  readonly url: string;
  /** `undefined` before the first answer. */
  readonly representation: Representation | undefined;
  /** What has been written. */
  readonly done: Spans;
  /** What would also survive a power cut. */
  readonly synced: Spans;
}

const version = 1;

/** Writes a journal as JSON. */
export function encodeJournal({ owner, part, source, url, representation, done, synced }: Journal): string {
  const { validator, total, integrity, disposition } = representation ?? {};
  return JSON.stringify({
    version,
    url,
    source,
    part,
    etag: validator?.kind === 'etag' ? validator.value : undefined,
    last_modified: validator?.kind === 'last-modified' ? validator.value : undefined,
    total,
    integrity,
    disposition,
    is_coded: representation?.isCoded,
    done: done.map(({ start, end }) => [start, end]),
    synced: synced.map(({ start, end }) => [start, end]),
    owner,
  });
}

/** Reads a journal; `undefined` for whatever is none: then there is nothing to go on with. */
export function decodeJournal(text: string): Journal | undefined {
  try {
    return read(JSON.parse(text) as Record<string, unknown>);
  } catch {
    return undefined;
  }
}

function read(json: Record<string, unknown>): Journal | undefined {
  const { part, source, url } = json;
  const owner = readOwner(json['owner']);
  const [done, synced] = [readSpans(json['done']), readSpans(json['synced'])];
  if (json['version'] !== version || owner === undefined || done === undefined || synced === undefined)
    return undefined;
  if (!isText(part) || !isText(source) || !isText(url)) return undefined;
  return { owner, part, source, url, representation: readRepresentation(json), done, synced };
}

function readRepresentation(json: Record<string, unknown>): Representation | undefined {
  const { total, integrity, disposition, is_coded: isCoded } = json;
  if (typeof isCoded !== 'boolean') return undefined;
  return {
    validator: readValidator(json),
    total: isPosition(total) ? total : undefined,
    integrity: isText(integrity) ? integrity : undefined,
    disposition: isText(disposition) ? disposition : undefined,
    isCoded,
  };
}

function readValidator({ etag, last_modified: date }: Record<string, unknown>): Validator | undefined {
  if (isText(etag)) return { kind: 'etag', value: etag };
  return isText(date) ? { kind: 'last-modified', value: date } : undefined;
}

function readOwner(json: unknown): Owner | undefined {
  const { host, boot, namespace, pid, thread, id } = (json ?? {}) as Record<string, unknown>;
  if (!isText(host) || !isText(boot) || !isText(namespace) || !isText(id)) return undefined;
  return isPosition(pid) && pid > 0 && isPosition(thread) ? { host, boot, namespace, pid, thread, id } : undefined;
}

/** Only what is in order, and apart from each other. */
function readSpans(json: unknown): Spans | undefined {
  if (!Array.isArray(json)) return undefined;
  const spans = json.map((pair: unknown): Span => {
    const [start, end] = Array.isArray(pair) ? (pair as unknown[]) : [];
    return { start: isPosition(start) ? start : Number.NaN, end: isPosition(end) ? end : Number.NaN };
  });
  const isSound = spans.every(({ start, end }, i) => start < end && start > (spans[i - 1]?.end ?? -1));
  return isSound ? spans : undefined;
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}

function isPosition(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}
