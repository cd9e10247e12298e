import { afterAll, beforeAll, expect, test } from 'vitest';
import { curlMany } from '../../../../test/support/curl-many.ts';
import { allFaults, type Matrix, startMatrix, tally, urls } from '../../../../test/support/fault-matrix.ts';
import { describeWithProgram } from '../../../../test/support/program.ts';

let matrix: Matrix;
beforeAll(async () => {
  matrix = await startMatrix();
});
afterAll(() => matrix.close());

describeWithProgram('curl', 'a hundred requests over SOCKS5 never notice a proxy that', () => {
  test.each(allFaults)('%s', async (fault) => {
    await matrix.use(fault);
    const lines = await curlMany(urls(matrix.secure.url, 100), '-x', `socks5h://127.0.0.1:${matrix.port}`);
    expect(tally(lines)).toEqual({ '200 6': 100 });
  });
});
