import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { type AnswerProgress, longestHeadBytes, readAnswer } from './head.ts';

const read = (text: string): AnswerProgress => readAnswer(Buffer.from(text, 'latin1'));

/** Feeds bytes as they would come from a slow proxy and gives the first answer that is not `more`. */
function drip(bytes: Buffer, sizes: readonly number[]): AnswerProgress {
  let end = 0;
  let turn = 0;
  while (end < bytes.length) {
    end = Math.min(bytes.length, end + (sizes[turn++ % sizes.length] ?? 1));
    const progress = readAnswer(bytes.subarray(0, end));
    if (progress.kind !== 'more') return progress;
  }
  return readAnswer(bytes);
}

test('a head ends at the empty line, whatever is glued to it', () => {
  const progress = read('HTTP/1.1 200 Connection established\r\nVia: a\r\nVIA:  b \r\n\r\n\x16\x03\x01payload');
  expect(progress).toMatchObject({ kind: 'head', head: { status: 200, length: 57 } });
  expect(progress.kind === 'head' && progress.head.headers.get('via')).toBe('a, b');
});

test('only the head is bounded, not what comes with it', () => {
  const payload = 'x'.repeat(4 * longestHeadBytes);
  expect(read(`HTTP/1.1 200 OK\r\n\r\n${payload}`)).toMatchObject({ kind: 'head', head: { status: 200 } });
  expect(read(`HTTP/1.1 200 OK\r\nx: ${payload}\r\n\r\n`)).toMatchObject({ kind: 'bad' });
});

test('half a head asks for more', () => {
  for (const half of ['', 'HT', 'HTTP/1.1 2', 'HTTP/1.1 200 OK\r\n', 'HTTP/1.1 200 OK\r\nVia: a\r\n\r']) {
    expect(read(half)).toEqual({ kind: 'more' });
  }
});

test('another protocol is known by its first bytes', () => {
  for (const text of ['SSH-2.0-OpenSSH', '\x05\x00', 'h', '<html>', 'HTTP/2 200\r\n\r\n']) {
    expect(read(text)).toMatchObject({ kind: 'bad' });
  }
});

test('a malformed status line is refused', () => {
  for (const line of ['HTTP/1.1', 'HTTP/1.1 20', 'HTTP/1.1 099 no', 'HTTP/1.1 2000 no', 'HTTP/1.7 200 no']) {
    expect(read(`${line}\r\n\r\n`)).toMatchObject({ kind: 'bad' });
  }
});

test('interim answers are skipped, and endless ones are bounded', () => {
  expect(read('HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 502 Bad Gateway\r\n\r\n')).toMatchObject({
    head: { status: 502 },
  });
  expect(read('HTTP/1.1 100 Continue\r\n\r\n'.repeat(2000))).toMatchObject({ kind: 'bad' });
});

test('bare line feeds are accepted', () => {
  expect(read('HTTP/1.0 407 No\nProxy-Authenticate: Basic\n\nrest')).toMatchObject({
    head: { status: 407, length: 43 },
  });
});

const headish = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 200 }),
  fc
    .array(
      fc.constantFrom('HTTP/1.1 ', '200', '100', ' OK', '\r\n', '\n', '\r', 'via: x', ':', ' ', '\r\n\r\n', '\0'),
      {
        maxLength: 30,
      },
    )
    .map((parts) => `HTTP/1.1 ${parts.join('')}`),
);

test('a head fed in pieces reads as the head fed whole, and nothing makes the reader throw', () => {
  fc.assert(
    fc.property(headish, fc.array(fc.integer({ min: 1, max: 7 }), { minLength: 1 }), (text, sizes) => {
      const bytes = Buffer.from(text, 'latin1');
      expect(drip(bytes, sizes)).toEqual(readAnswer(bytes));
    }),
    { numRuns: 1000 },
  );
});
