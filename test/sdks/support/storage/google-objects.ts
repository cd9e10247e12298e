import { createHash } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { crc32c } from './crc32c.ts';

export interface Asked {
  readonly method: string;
  readonly url: URL;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

export interface Answer {
  readonly status: number;
  readonly headers?: Record<string, string>;
  readonly body?: string | Buffer;
}

interface Meta {
  readonly contentType?: string;
  readonly metadata?: Record<string, string>;
}

interface Entry extends Meta {
  readonly name: string;
  readonly data: Buffer;
  readonly generation: number;
  readonly updated: string;
  readonly hashes: { readonly md5Hash: string; readonly crc32c: string };
}

interface Session extends Meta {
  readonly name: string;
  data: Buffer;
  finished: Entry | undefined;
}

const json = (status: number, body: unknown): Answer => ({
  status,
  headers: { 'Content-Type': 'application/json' },
  body: JSON.stringify(body),
});
const missing = json(404, { error: { code: 404, message: 'No such object' } });

const named = (part = ''): string => decodeURIComponent(part);

/** The objects of one bucket, and the answers about them. */
export class GoogleObjects {
  readonly #entries = new Map<string, Entry>();
  readonly #sessions = new Map<string, Session>();
  #generation = 0;

  answer(asked: Asked): Answer {
    const { pathname } = asked.url;
    const copied = /^(?:\/storage\/v1)?\/b\/[^/]+\/o\/([^/]+)\/rewriteTo\/b\/[^/]+\/o\/([^/]+)$/u.exec(pathname);
    if (copied !== null) return this.#copy(named(copied[1]), named(copied[2]));
    const object = /^(?:\/download)?(?:\/storage\/v1)?\/b\/[^/]+\/o\/([^/]+)$/u.exec(pathname);
    if (object !== null) return this.#object(named(object[1]), asked);
    if (/^\/upload(?:\/storage\/v1)?\/b\/[^/]+\/o$/u.test(pathname)) return this.#upload(asked);
    if (/^(?:\/storage\/v1)?\/b\/[^/]+\/o$/u.test(pathname)) return this.#list(asked.url.searchParams);
    return json(501, { error: { code: 501, message: `this fake knows no ${asked.method} ${pathname}` } });
  }

  #object(name: string, { method, url, headers }: Asked): Answer {
    const entry = this.#entries.get(name);
    if (entry === undefined) return missing;
    if (method === 'DELETE') {
      this.#entries.delete(name);
      return { status: 204 };
    }
    return url.searchParams.get('alt') === 'media' ? media(entry, headers.range) : json(200, resource(entry));
  }

  #list(query: URLSearchParams): Answer {
    const found = [...this.#entries.values()].filter(({ name }) => name.startsWith(query.get('prefix') ?? ''));
    const entries = found.sort((a, b) => (a.name < b.name ? -1 : 1));
    const begin = Number(query.get('pageToken') ?? 0);
    const end = begin + Number(query.get('maxResults') ?? 1000);
    const items = entries.slice(begin, end).map(resource);
    return json(200, { kind: 'storage#objects', items, ...(end < entries.length && { nextPageToken: String(end) }) });
  }

  #copy(from: string, to: string): Answer {
    const source = this.#entries.get(from);
    if (source === undefined) return missing;
    const { contentType, metadata, data } = source;
    const copy = this.#store(to, data, { ...(contentType && { contentType }), ...(metadata && { metadata }) });
    return json(200, { kind: 'storage#rewriteResponse', done: true, resource: resource(copy) });
  }

  #upload({ method, url, headers, body }: Asked): Answer {
    const { searchParams: query } = url;
    const id = query.get('upload_id');
    if (id !== null)
      return method === 'DELETE' ? this.#discard(id) : this.#continue(id, headers['content-range'], body);
    const name = query.get('name');
    if (query.get('uploadType') === 'resumable') return this.#begin(name, url, headers, body);
    const { meta, data } = related(headers['content-type'] ?? '', body);
    return json(200, resource(this.#store(name ?? meta.name ?? '', data, meta)));
  }

  #begin(name: string | null, url: URL, headers: IncomingHttpHeaders, body: Buffer): Answer {
    const meta = body.length === 0 ? {} : (JSON.parse(body.toString()) as Meta & { name?: string });
    const session = String(++this.#generation);
    const contentType = String(headers['x-upload-content-type'] ?? meta.contentType ?? '');
    const about = { ...(contentType && { contentType }), ...(meta.metadata && { metadata: meta.metadata }) };
    const empty = { data: Buffer.alloc(0), finished: undefined };
    this.#sessions.set(session, { ...about, ...empty, name: name ?? meta.name ?? '' });
    const address = new URL(url);
    address.host = headers.host ?? '';
    address.searchParams.set('upload_id', session);
    return { status: 200, headers: { Location: address.href } };
  }

  #continue(id: string, range = '', body: Buffer): Answer {
    const session = this.#sessions.get(id);
    if (session === undefined) return missing;
    const [, first, size] = /^bytes (?:(\d+)-\d*|\*)\/(\d+|\*)$/u.exec(range) ?? [];
    if (session.finished !== undefined) return json(200, resource(session.finished));
    if (first !== undefined && Number(first) > session.data.length)
      return json(400, { error: { code: 400, message: 'a gap' } });
    if (first !== undefined) session.data = Buffer.concat([session.data.subarray(0, Number(first)), body]);
    if (range !== '' && size !== String(session.data.length)) {
      const last = session.data.length - 1;
      return { status: 308, headers: last < 0 ? {} : { Range: `bytes=0-${last}` } };
    }
    if (range === '') session.data = body;
    session.finished = this.#store(session.name, session.data, session);
    return json(200, resource(session.finished));
  }

  #discard(id: string): Answer {
    this.#sessions.delete(id);
    return { status: 499 };
  }

  #store(name: string, data: Buffer, { contentType, metadata }: Meta): Entry {
    const about = { ...(contentType && { contentType }), ...(metadata && { metadata }) };
    const entry = {
      ...about,
      name,
      data,
      generation: ++this.#generation,
      updated: new Date().toISOString(),
      hashes: hashes(data),
    };
    this.#entries.set(name, entry);
    return entry;
  }
}

function hashes(data: Buffer): Entry['hashes'] {
  return { md5Hash: createHash('md5').update(data).digest('base64'), crc32c: crc32c(data) };
}

function resource({ name, data, generation, updated, hashes, contentType, metadata }: Entry): object {
  const about = { ...(contentType && { contentType }), ...(metadata && { metadata }) };
  const kind = 'storage#object';
  return {
    kind,
    name,
    bucket: 'contract',
    size: String(data.length),
    etag: `g${generation}`,
    updated,
    ...hashes,
    ...about,
  };
}

function media({ data, contentType, generation, hashes }: Entry, range?: string): Answer {
  const { md5Hash, crc32c: checksum } = hashes;
  const headers = {
    'Content-Type': contentType ?? 'application/octet-stream',
    'x-goog-hash': `crc32c=${checksum},md5=${md5Hash}`,
    'x-goog-generation': String(generation),
  };
  const [, first, last] = /^bytes=(\d+)-(\d*)$/u.exec(range ?? '') ?? [];
  if (first === undefined) return { status: 200, headers, body: data };
  if (Number(first) >= data.length) return { status: 416 };
  const piece = data.subarray(Number(first), last === '' ? undefined : Number(last) + 1);
  const contentRange = `bytes ${first}-${Number(first) + piece.length - 1}/${data.length}`;
  return { status: 206, headers: { ...headers, 'Content-Range': contentRange }, body: piece };
}

/** Reads a `multipart/related` of two parts: what is said of the object, and the object. */
function related(type: string, body: Buffer): { meta: Meta & { name?: string }; data: Buffer } {
  const boundary = /boundary="?([^";]+)/u.exec(type)?.[1] ?? '';
  const text = body.toString('latin1');
  const parts = text.split(`--${boundary}`).slice(1, -1);
  const [first = '', second = ''] = parts.map((part) => part.slice(part.indexOf('\r\n\r\n') + 4, -2));
  if (!text.trimEnd().endsWith(`--${boundary}--`)) throw new Error('a body that breaks off');
  const meta = JSON.parse(Buffer.from(first, 'latin1').toString()) as Meta;
  return { meta, data: Buffer.from(second, 'latin1') };
}
