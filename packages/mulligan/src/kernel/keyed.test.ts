import { expect, test, vi } from 'vitest';
import { keyed } from './keyed.ts';

test('one thing per key, made when first asked for', () => {
  const make = vi.fn<(key: string) => { key: string }>((key) => ({ key }));
  const things = keyed(make);
  expect(things.for('a')).toBe(things.for('a'));
  expect(things.for('b')).not.toBe(things.for('a'));
  expect(make.mock.calls).toEqual([['a'], ['b']]);
  expect(things.size).toBe(2);
});

test('of too many keys, the one that was asked for longest ago is forgotten', () => {
  const things = keyed((key) => ({ key }), { maxKeys: 2 });
  const a = things.for('a');
  const b = things.for('b');
  expect(things.for('a')).toBe(a);
  things.for('c');
  expect(things.size).toBe(2);
  expect(things.for('a')).toBe(a);
  expect(things.for('b')).not.toBe(b);
});

test('things that are undefined are remembered, too', () => {
  const make = vi.fn<() => undefined>();
  const things = keyed(make);
  things.for('a');
  things.for('a');
  expect(make).toHaveBeenCalledOnce();
});

test('bad options are answered in sentences', () => {
  expect(() => keyed('x' as never)).toThrow('make must be a function, got "x"');
  expect(() => keyed(() => 1, { maxKeys: 0 })).toThrow('maxKeys must be a whole number of at least 1, got 0');
});
