import fc from 'fast-check';
import { expect, test } from 'vitest';
import { EventLog } from './event-log.ts';

test('a reader gets what came after the event that it saw last', () => {
  const log = new EventLog();
  const [first, second, third] = ['a', 'b', 'c'].map((type) => log.append(type, type));
  expect(log.since(first!.id)).toEqual([second, third]);
  expect(log.since(third!.id)).toEqual([]);
});

test('a reader that missed too much is told so', () => {
  const log = new EventLog(3);
  const ids = Array.from({ length: 5 }, (_, at) => log.append('x', at).id);
  expect(log.since(ids[0]!)).toBeUndefined();
  expect(log.since(ids[1]!)?.map(({ data }) => data)).toEqual([2, 3, 4]);
});

test('the ids of another process are not known', () => {
  const [before, now] = [new EventLog(), new EventLog()];
  now.append('x', 0);
  expect(now.since(before.append('x', 0).id)).toBeUndefined();
});

test.each(['', 'x', '-', '1', '-1', 'abc-1'])('nor is %j', (id) => {
  expect(new EventLog().since(id)).toBeUndefined();
});

test('an id of the future is not known', () => {
  const log = new EventLog();
  const { id } = log.append('x', 0);
  expect(log.since(id.replace(/1$/u, '2'))).toBeUndefined();
});

test('whatever the capacity, nothing is lost in silence', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 20 }),
      fc.integer({ min: 1, max: 60 }),
      fc.nat(59),
      (capacity, count, seen) => {
        fc.pre(seen < count);
        const log = new EventLog(capacity);
        const ids = Array.from({ length: count }, (_, at) => log.append('x', at).id);
        const missed = log.since(ids[seen]!)?.map(({ data }) => data);
        const expected = Array.from({ length: count - seen - 1 }, (_, at) => seen + 1 + at);
        expect(missed).toEqual(expected.length > capacity ? undefined : expected);
      },
    ),
  );
});
