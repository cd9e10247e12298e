import fc from 'fast-check';
import { expect, test } from 'vitest';
import { EventParser } from './event-parser.ts';

const stream = 'retry: 1000\n\nid: a-1\nevent: request\ndata: {"x":1}\n\n: alive\n\nevent: status\ndata: {}\n\n';

test('events are read with the id to resume after', () => {
  expect(new EventParser().push(stream)).toEqual([
    { type: 'request', data: '{"x":1}', lastId: 'a-1' },
    { type: 'status', data: '{}', lastId: 'a-1' },
  ]);
});

test('however the text is cut, the events are the same', () => {
  const whole = new EventParser().push(stream);
  fc.assert(
    fc.property(fc.array(fc.nat(stream.length), { maxLength: 12 }), (cuts) => {
      const parser = new EventParser();
      const places = [0, ...cuts.toSorted((a, b) => a - b), stream.length];
      const pieces = places.slice(1).map((end, at) => stream.slice(places[at], end));
      expect(pieces.flatMap((piece) => parser.push(piece))).toEqual(whole);
    }),
  );
});

test('data of several lines is one text, and an event without data is none', () => {
  expect(new EventParser().push('data: a\ndata: b\n\nevent: empty\n\n')).toEqual([
    { type: 'message', data: 'a\nb', lastId: undefined },
  ]);
});

test('every kind of line break ends a line', () => {
  for (const end of ['\n', '\r\n', '\r']) {
    expect(new EventParser().push(`data: a${end}${end}data: b${end}${end}data: c`)).toHaveLength(2);
  }
});
