import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { endToEnd } from './end-to-end.ts';

test('hop-by-hop fields and all that Connection nominates stay behind', () => {
  const raw = [
    ['Host', 'a'],
    ['Connection', 'close, X-Secret'],
    ['connection', 'x-other'],
    ['X-Secret', '1'],
    ['x-OTHER', '2'],
    ['Proxy-Connection', 'keep-alive'],
    ['Proxy-Authorization', 'Basic x'],
    ['Keep-Alive', 'timeout=5'],
    ['TE', 'trailers'],
    ['Transfer-Encoding', 'chunked'],
    ['Content-Length', '3'],
    ['Upgrade', 'h2c'],
    ['Trailer', 'x'],
    ['Accept', '*/*'],
    ['accept', 'a/b'],
  ];
  expect(endToEnd(raw.flat(), ['host'])).toEqual(['Accept', '*/*', 'accept', 'a/b']);
});

test('a field that is named like a part of another is kept', () => {
  expect(endToEnd(['Connection', 'X-A-B', 'X-A', '1', 'X-A-B', '2', 'X-A-B-C', '3'])).toEqual([
    'X-A',
    '1',
    'X-A-B-C',
    '3',
  ]);
});

const name = fc.constantFrom('Connection', 'connection', 'X-A', 'x-a', 'Accept', 'TE', 'Via', 'Content-Length');
const value = fc.constantFrom('X-A', 'close', 'x-a , te', '', ',', 'keep-alive', 'Via');

test('whatever is kept was sent, in the same order, and is not nominated', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(name, value)), (fields) => {
      const kept = endToEnd(fields.flat());
      expect(kept.length % 2).toBe(0);
      const nominated = fields.filter(([key]) => /^connection$/iu.test(key)).map(([, list]) => list.toLowerCase());
      const pairs = kept.flatMap((text, i) => (i % 2 === 0 ? [[text, kept[i + 1]]] : []));
      for (const [key = ''] of pairs) {
        expect(nominated.some((list) => list.split(',').some((token) => token.trim() === key.toLowerCase()))).toBe(
          false,
        );
        expect(key).not.toMatch(/^(?:connection|te|content-length)$/iu);
      }
      const left = fields.filter(([key, text]) => pairs.some(([k, v]) => k === key && v === text));
      expect(left).toEqual(pairs);
    }),
  );
});
