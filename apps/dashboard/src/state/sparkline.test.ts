import fc from 'fast-check';
import { expect, test } from 'vitest';
import { sparkline } from './sparkline.ts';

test('the slowest touches the top, and a failure breaks the line', () => {
  expect(sparkline([1, 2, null, 4, 1])).toEqual({
    lines: [
      [
        { x: 0, y: 0.25 },
        { x: 0.25, y: 0.5 },
      ],
      [
        { x: 0.75, y: 1 },
        { x: 1, y: 0.25 },
      ],
    ],
    failures: [0.5],
  });
});

test('one attempt, and none, can be drawn, too', () => {
  expect(sparkline([])).toEqual({ lines: [], failures: [] });
  expect(sparkline([0])).toEqual({ lines: [[{ x: 0, y: 0 }]], failures: [] });
});

test('nothing leaves the picture', () => {
  const latencies = fc.array(fc.option(fc.double({ min: 0, max: 1000, noNaN: true })), { maxLength: 20 });
  fc.assert(
    fc.property(latencies, (each) => {
      const { lines, failures } = sparkline(each);
      for (const { x, y } of lines.flat()) {
        expect(Math.min(x, y)).toBeGreaterThanOrEqual(0);
        expect(Math.max(x, y)).toBeLessThanOrEqual(1);
      }
      expect(lines.flat().length + failures.length).toBe(each.length);
    }),
  );
});
