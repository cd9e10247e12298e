import type { Duration } from 'mulligan';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { curlMany } from '../../../../test/support/curl-many.ts';
import { earlyFaults, type Matrix, startMatrix, tally, urls } from '../../../../test/support/fault-matrix.ts';
import { describeWithProgram } from '../../../../test/support/program.ts';
import { undiciMany } from '../../../../test/support/undici-many.ts';
import { Urllib } from '../../../../test/support/urllib.ts';

let matrix: Matrix;
let urllib: Urllib;

/** The tests of a group share a matrix. */
function matrixOfGroup(timeout?: Duration): void {
  beforeAll(async () => {
    matrix = await startMatrix(timeout);
    urllib = new Urllib(matrix.url);
  });
  afterAll(() => {
    urllib.close();
    return matrix.close();
  });
}

const requests = 100;

/** A hundred POSTs, each with a URL of its own. */
async function post(): Promise<string[]> {
  const all = urls(matrix.origin.url, requests);
  const lines = await Promise.all([
    curlMany(all.slice(0, 50), '-x', matrix.url, '-d', 'x'),
    undiciMany(matrix, all.slice(50, 75), 'POST'),
    urllib.ask(all.slice(75), 'POST'),
  ]);
  return lines.flat();
}

/** How many upstreams saw each POST. */
function sightings(heads: readonly string[], seenBefore: number): number[] {
  const seen = [...heads, ...matrix.working.seen.slice(seenBefore).map(({ line }) => `${line} `)];
  const paths = urls(matrix.origin.url, requests);
  return paths.map((path) => seen.filter((head) => head.startsWith(`POST ${path} `)).length);
}

const isSentNowhere = (fault: string): boolean =>
  fault.includes('connection') && !fault.startsWith('resets the') ? true : /SOCKS5|TLS/u.test(fault);

describeWithProgram('curl', 'of a hundred POSTs, while nothing was sent,', () => {
  matrixOfGroup();
  const unsent = earlyFaults.filter((fault) => isSentNowhere(fault) && !fault.includes('at once'));
  test.each([...unsent, 'answers 407' as const])('all arrive once although a proxy %s', async (fault) => {
    await matrix.use(fault);
    const before = matrix.origin.seen.length;
    expect(tally(await post())).toEqual({ '200 6': requests });
    expect(new Set(matrix.origin.seen.slice(before).map(({ url }) => url)).size).toBe(requests);
    expect(matrix.origin.seen.length - before).toBe(requests);
  });
});

describeWithProgram('curl', 'of a hundred POSTs that were sent', () => {
  // What hangs must not be sent again: the client waits for as long as the policy lets it.
  matrixOfGroup('3s');
  const sent = earlyFaults.filter(
    (fault) => !isSentNowhere(fault) && fault !== 'answers 407' && !fault.startsWith('drips'),
  );
  test.each(sent)('each is seen by one upstream only when a proxy %s', async (fault) => {
    const faulty = await matrix.use(fault);
    const [before, began] = [matrix.working.seen.length, matrix.origin.seen.length];
    const lines = await post();
    expect(tally(sightings(faulty.heads, before).map(String))).toEqual({ 1: requests });
    const worked = tally(lines)['200 6'];
    expect(worked).toBeGreaterThan(0);
    expect(worked).toBeLessThanOrEqual(matrix.origin.seen.length - began);
  });
});
