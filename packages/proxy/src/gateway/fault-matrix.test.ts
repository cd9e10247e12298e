import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { curlMany } from '../../../../test/support/curl-many.ts';
import {
  allFaults,
  answers,
  earlyFaults,
  type Matrix,
  startMatrix,
  tally,
  urls,
} from '../../../../test/support/fault-matrix.ts';
import { describeWithProgram } from '../../../../test/support/program.ts';
import { undiciMany } from '../../../../test/support/undici-many.ts';
import { Urllib } from '../../../../test/support/urllib.ts';

/** A hundred requests to a cell: 50 by curl, 25 by undici, 25 by urllib. */
const [byCurl, byUndici, byPython] = [50, 25, 25];
const requests = byCurl + byUndici + byPython;
let matrix: Matrix;
let urllib: Urllib;
beforeAll(async () => {
  matrix = await startMatrix();
  urllib = new Urllib(matrix.url);
});
afterAll(() => {
  urllib.close();
  return matrix.close();
});

const all200 = { '200 6': requests };

describeWithProgram('curl', 'a hundred requests', () => {
  describe('over CONNECT never notice a proxy that', () => {
    test.each(allFaults)('%s', async (fault) => {
      await matrix.use(fault);
      const before = matrix.secure.seen.length;
      const lines = await Promise.all([
        curlMany(urls(matrix.secure.url, byCurl), '-x', matrix.url),
        undiciMany(matrix, urls(matrix.secure.url, byUndici)),
        urllib.ask(urls(matrix.secure.url, byPython)),
      ]);
      expect(tally(lines.flat())).toEqual(all200);
      expect(matrix.secure.seen.length - before).toBe(requests);
    });
  });

  const asksPlain = async (): Promise<string[]> => {
    const lines = await Promise.all([
      curlMany(urls(matrix.origin.url, byCurl), '-x', matrix.url),
      undiciMany(matrix, urls(matrix.origin.url, byUndici)),
      urllib.ask(urls(matrix.origin.url, byPython)),
    ]);
    return lines.flat();
  };

  describe('of plain HTTP never notice a proxy that', () => {
    test.each(earlyFaults.filter((fault) => !answers.has(fault)))('%s', async (fault) => {
      await matrix.use(fault);
      expect(tally(await asksPlain())).toEqual(all200);
    });

    test.each([...answers])('%s: unless that is the answer', async (fault) => {
      await matrix.use(fault);
      // urllib follows the redirect.
      const lines = (await asksPlain()).filter((line) => !line.startsWith('200 '));
      expect(lines.length).toBeGreaterThan(0);
      expect(lines.length).toBeLessThan(requests);
    });
  });
});
