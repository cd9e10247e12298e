import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parseIntegrity, parseReprDigest } from './digest.ts';
import { dispositionName, fileNameOf, safeName } from './file-name.ts';
import { decodeJournal, encodeJournal, type Journal } from './journal.ts';
import { judge } from './judge.ts';
import { mostAttempts, Patience, progressBytes } from './patience.ts';
import { planDownload } from './plan.ts';
import { nextRate, remainingMs, startRate } from './rate.ts';
import { readContentRange, type Representation, validatorOf } from './representation.ts';
import { askFor, headersFor } from './request.ts';
import { readSource, sourceKey, Sources } from './source.ts';
import { addSpan, clipSpans, firstGap, lengthOf, nextGap, type Spans } from './span.ts';

const span = fc.tuple(fc.nat(60), fc.nat(20)).map(([start, length]) => ({ start, end: start + length }));
const spans = fc.array(span, { maxLength: 12 }).map((list) => list.reduce<Spans>(addSpan, []));
const bytesOf = (list: Spans): number[] =>
  list.flatMap(({ start, end }) => Array.from({ length: end - start }, (_, i) => start + i));

describe('spans', () => {
  test('hold what was added, in order and apart from each other', () => {
    fc.assert(
      fc.property(spans, span, (list, added) => {
        const after = addSpan(list, added);
        const expected = [...new Set([...bytesOf(list), ...bytesOf([added])])].sort((a, b) => a - b);
        expect(bytesOf(after)).toEqual(expected);
        expect(lengthOf(after)).toBe(expected.length);
        after.slice(1).forEach(({ start }, i) => expect(start).toBeGreaterThan(after[i]!.end));
      }),
    );
  });

  test('lack what they do not hold: gap by gap everything comes together', () => {
    fc.assert(
      fc.property(spans, fc.nat(90), fc.integer({ min: 1, max: 20 }), (list, total, size) => {
        let all = clipSpans(list, total);
        for (let gap = nextGap(all, total, size); gap !== undefined; gap = nextGap(all, total, size)) {
          expect(gap.end - gap.start).toBeGreaterThan(0);
          expect(gap.end - gap.start).toBeLessThanOrEqual(size);
          expect(bytesOf(all)).not.toContain(gap.start);
          all = addSpan(all, gap);
        }
        expect(bytesOf(all)).toEqual(Array.from({ length: total }, (_, i) => i));
        expect(firstGap(all).start).toBe(total === 0 ? 0 : total);
      }),
    );
  });
});

describe('names of files', () => {
  test('are those of Fromager (F27)', () => {
    const vectors = readFileSync(new URL('../presets/vectors.json', import.meta.url), 'utf8');
    const { fromager } = JSON.parse(vectors) as { fromager: { id: string; cases: Record<string, string> }[] };
    const cases = Object.entries(fromager.find(({ id }) => id === 'F27')?.cases ?? {});
    expect(cases).toHaveLength(3);
    for (const [url, name] of cases) expect(fileNameOf(url)).toBe(name);
  });

  test.each([
    ['https://a.test/', 'download'],
    ['https://a.test/x/..%2f..%2fetc%2fpasswd', 'passwd'],
    ['https://a.test/..%5C..%5Cboot.ini', 'boot.ini'],
    ['https://a.test/%2e%2e', 'download'],
    ['https://a.test/a%00b%0A.txt', 'ab.txt'],
    ['https://a.test/100%.txt', '100%.txt'],
    ['https://a.test/gr%C3%BC%C3%9Fe.txt?x=/y#z', 'grüße.txt'],
  ])('%s is %s', (url, name) => expect(fileNameOf(url)).toBe(name));

  test.each([
    ['attachment; filename="a b.txt"', 'a b.txt'],
    ['attachment; filename=plain.txt; size=3', 'plain.txt'],
    [`attachment; filename="x.txt"; filename*=UTF-8''%e2%82%ac.txt`, '€.txt'],
    ['attachment; filename="../../.ssh/authorized_keys"', 'authorized_keys'],
    ['attachment; filename=".bashrc"', 'bashrc'],
    ['attachment; filename="C:\\\\evil.exe"', 'evil.exe'],
    ['attachment', undefined],
    [undefined, undefined],
  ])('%s is %s', (header, name) => expect(dispositionName(header)).toBe(name));

  test('stay in their folder, and fit into it', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 400 }), (text) => {
        const given = dispositionName(`attachment; filename="${text}"`);
        expect(given ?? '').not.toMatch(/^\./u);
        for (const name of [safeName(text), given]) {
          if (name === undefined) continue;
          expect(name).not.toMatch(/^\.{0,2}$|[/\\\p{Cc}]/u);
          expect(Buffer.byteLength(name)).toBeLessThanOrEqual(200);
        }
      }),
    );
  });
});

describe('digests', () => {
  const [one, two] = [Buffer.alloc(32, 1).toString('base64'), Buffer.alloc(64, 2).toString('base64')];

  test('of several the strongest counts', () => {
    expect(parseIntegrity(`sha256-${one} sha512-${two}?x`)).toEqual({ algorithm: 'sha512', values: [two] });
    expect(parseIntegrity(`sha256-${one} sha256-${Buffer.alloc(32, 3).toString('base64url')}`).values).toHaveLength(2);
  });

  test.each(['', 'md5-abc=', 'sha256-abc=', `sha512-${one}`, one])('%s can not be checked', (text) => {
    expect(() => parseIntegrity(text)).toThrow(/integrity must be sha256-, sha384- or sha512-/u);
  });

  test('Repr-Digest (RFC 9530)', () => {
    expect(parseReprDigest(`sha-256=:${one}:, sha-512=:${two}:`)).toBe(`sha512-${two}`);
    expect(parseReprDigest(`unixsum=:AAA=:,sha-256=:${one}:`)).toBe(`sha256-${one}`);
    expect(parseReprDigest(`sha-256=${one}`)).toBeUndefined();
  });
});

describe('a journal', () => {
  const text = fc.string();
  const journal: fc.Arbitrary<Journal> = fc.record({
    owner: fc.record({
      host: text,
      boot: text,
      namespace: text,
      pid: fc.integer({ min: 1 }),
      thread: fc.nat(),
      id: text,
    }),
    part: text,
    source: text,
    url: text,
    representation: fc.option(
      fc.record({
        validator: fc.option(fc.record({ kind: fc.constantFrom('etag', 'last-modified'), value: text }), {
          nil: undefined,
        }),
        total: fc.option(fc.nat(), { nil: undefined }),
        integrity: fc.option(text, { nil: undefined }),
        disposition: fc.option(text, { nil: undefined }),
        isCoded: fc.boolean(),
      }),
      { nil: undefined },
    ),
    done: spans,
    synced: spans,
  });

  test('is read as it was written', () => {
    fc.assert(
      fc.property(journal, (one) => {
        expect(decodeJournal(`${encodeJournal(one)}   `)).toEqual(one);
      }),
    );
  });

  test('that is cut off, or none, is none', () => {
    fc.assert(
      fc.property(journal, fc.nat(), (one, at) => {
        const whole = encodeJournal(one);
        expect(decodeJournal(whole.slice(0, at % whole.length))).toBeUndefined();
      }),
    );
    fc.assert(
      fc.property(fc.json(), (json) => {
        expect(decodeJournal(json)).toBeUndefined();
      }),
    );
  });
});

describe('answers', () => {
  const known: Representation = {
    validator: { kind: 'etag', value: '"v1"' },
    total: 100,
    integrity: undefined,
    disposition: undefined,
    isCoded: false,
  };

  test('a part is believed only where it is exactly what was asked for, of the same version', () => {
    const header = (values: string[]) => fc.option(fc.constantFrom(...values), { nil: undefined });
    const headers = fc.record({
      etag: header(['"v1"', '"v2"', 'W/"v1"']),
      'content-range': header([
        'bytes 10-99/100',
        'bytes 10-99/*',
        'bytes 0-99/100',
        'bytes 10-99/101',
        'bytes 10-19/100',
        'junk',
      ]),
      'content-encoding': header(['gzip', 'identity']),
    });
    const asked = { range: { start: 10, end: 100 }, known, proof: 'validator' } as const;
    fc.assert(
      fc.property(headers, (given) => {
        const shown = new Headers(
          Object.entries(given).filter((pair): pair is [string, string] => pair[1] !== undefined),
        );
        const judgement = judge({ status: 206, headers: shown }, asked);
        const isRight =
          given.etag === '"v1"' &&
          given['content-encoding'] !== 'gzip' &&
          ['bytes 10-99/100', 'bytes 10-99/*', 'bytes 10-19/100'].includes(given['content-range'] ?? '');
        expect(judgement.kind).toBe(isRight ? 'part' : 'useless');
      }),
    );
  });

  test('a range is asked for only where it can be proved to belong to what there is', () => {
    const validator = fc.constantFrom(undefined, known.validator, { kind: 'last-modified', value: 'x' } as const);
    fc.assert(
      fc.property(validator, fc.boolean(), fc.boolean(), (proof, isSameSource, hasDigest) => {
        const representation = { ...known, validator: proof };
        const asked = askFor({
          known: representation,
          gap: { start: 10, end: 100 },
          isSameSource,
          hasDigest,
          isProbe: false,
        });
        const headers = headersFor(asked);
        expect(headers['accept-encoding']).toBe('identity');
        if (headers['range'] === undefined) return;
        expect(proof).toBeDefined();
        expect(headers['range']).toBe('bytes=10-');
        if (headers['if-range'] === undefined) expect(hasDigest && !isSameSource).toBe(true);
        else expect(isSameSource || proof?.kind === 'etag').toBe(true);
      }),
    );
  });

  test.each([
    ['bytes 0-9/10', { span: { start: 0, end: 10 }, total: 10 }],
    ['bytes 0-9/*', { span: { start: 0, end: 10 }, total: undefined }],
    ['bytes */10', { span: undefined, total: 10 }],
    ['bytes 5-4/10', undefined],
    ['bytes 0-10/10', undefined],
    ['items 0-9/10', undefined],
    ['', undefined],
    [null, undefined],
  ])('Content-Range %s', (text, expected) => expect(readContentRange(text)).toEqual(expected));

  test('a tag wins over a date, and a date must be a minute old', () => {
    const date = 'Tue, 01 Sep 2026 10:00:00 GMT';
    const read = (headers: Record<string, string>) => validatorOf(new Headers(headers))?.kind;
    expect(read({ etag: '"x"', 'last-modified': date })).toBe('etag');
    expect(read({ 'last-modified': date, date: 'Tue, 01 Sep 2026 10:01:00 GMT' })).toBe('last-modified');
    expect(read({ 'last-modified': date, date: 'Tue, 01 Sep 2026 10:00:59 GMT' })).toBeUndefined();
    expect(read({ 'last-modified': date })).toBeUndefined();
  });
});

test('patience begins anew with progress, and yet ends', () => {
  fc.assert(
    fc.property(
      fc.array(fc.nat(20 * progressBytes), { maxLength: 50 }),
      fc.integer({ min: 1, max: 5 }),
      (marks, attempts) => {
        const patience = new Patience(attempts, 0);
        let renewals = 0;
        for (const bytes of marks) {
          if (patience.failed(bytes)) renewals++;
          expect(patience.failures).toBeGreaterThan(0);
        }
        expect(renewals).toBeLessThanOrEqual(20);
      },
    ),
  );
  expect(mostAttempts).toBeGreaterThan(1000);
});

test('the rate follows what is seen, and never leaves its bounds', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.integer({ min: 1, max: 5000 }), fc.nat(1_000_000)), { minLength: 1 }), (looks) => {
      let rate = startRate(0, 0);
      const seen: number[] = [];
      for (const [passedMs, bytes] of looks) {
        seen.push((bytes * 1000) / passedMs);
        rate = nextRate(rate, rate.bytes + bytes, rate.atMs + passedMs);
      }
      expect(rate.bytesPerSecond).toBeLessThanOrEqual(Math.max(...seen) * 1.000_001);
      expect(rate.bytesPerSecond).toBeGreaterThanOrEqual(Math.min(...seen) * 0.999_999);
      expect(remainingMs(rate, undefined)).toBeUndefined();
    }),
  );
  expect(remainingMs({ bytesPerSecond: 100, bytes: 50, atMs: 0 }, 250)).toBe(2000);
});

describe('addresses', () => {
  test('a new signature is the same file, another query is not', () => {
    const key = (query: string) => sourceKey(new URL(`https://s3.test/file?${query}`));
    expect(key('id=1&X-Amz-Signature=a&X-Amz-Date=b')).toBe(key('id=1&X-Amz-Signature=c&X-Amz-Date=d'));
    expect(key('id=1')).not.toBe(key('id=2'));
    expect(key('token=s3cret')).not.toContain('s3cret');
  });

  test.each(['ftp://a.test/x', 'file', 'https://ada:s3cret@a.test/'])(
    '%s is refused in a sentence without secrets',
    (url) => {
      expect(() => readSource(url)).toThrow(/^(?!.*s3cret)url must /u);
    },
  );

  test('are gone through one after the other, without those that will never do', () => {
    const all = ['https://a.test/', 'https://b.test/', 'https://c.test/'].map(readSource);
    const sources = new Sources([all[0]!, all[1]!, all[2]!]);
    sources.leave(all[0]!, true);
    expect(sources.current).toBe(all[1]);
    sources.leave(all[0]!, false);
    expect(sources.current).toBe(all[1]);
    sources.leave(all[1]!, false);
    sources.leave(all[2]!, false);
    expect(sources.current).toBe(all[1]);
  });
});

test.each([
  [{ paralel: 2 }, "download has no option 'paralel': did you mean 'parallel'?"],
  [{ parallel: 0 }, 'parallel must be a whole number from 1 to 64, got 0'],
  [{ retry: { attempts: 0 } }, 'attempts must be a whole number of at least 1, got 0'],
  [{ retry: { timeout: 3 } }, "retry has no option 'timeout'"],
  [{ existing: 'replace' }, "existing must be one of 'keep', 'overwrite', 'error'"],
  [{ headers: { Range: 'bytes=0-1' } }, 'headers must leave range to the download'],
])('%j is answered in a sentence', (options, sentence) => {
  expect(() => planDownload('https://a.test/', options as object)).toThrow(sentence);
});
