import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  allFaults,
  answers,
  earlyFaults,
  lateFaults,
  type Matrix,
  startMatrix,
  tally,
} from '../../../../test/support/fault-matrix.ts';
import { describeWithProgram } from '../../../../test/support/program.ts';

describeWithProgram('chromium', 'a browser', (executablePath) => {
  let matrix: Matrix;
  let browser: Browser;
  beforeAll(async () => {
    matrix = await startMatrix();
    browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
  });
  afterAll(() => Promise.all([browser.close(), matrix.close()]));

  /** A page of an origin, fetched through the gateway. */
  async function open(server: string, url: string): Promise<Page> {
    const context = await browser.newContext({ proxy: { server }, ignoreHTTPSErrors: true });
    const page = await context.newPage();
    await page.goto(url);
    return page;
  }

  /** Fetches from within the page: every answer comes over a connection of its own, of which there are six at most. */
  const fetchMany = (page: Page): Promise<string[]> =>
    page.evaluate(async () => {
      const fetchOne = (_: unknown, i: number): Promise<string> =>
        fetch(`/${i}`, { cache: 'no-store' }).then(
          async (response) => `${response.status} ${await response.text()}`,
          (error: unknown) => String(error),
        );
      return Promise.all(Array.from({ length: 6 }, fetchOne));
    });

  describe.each([
    ['CONNECT', () => matrix.url, () => matrix.secure.url, allFaults],
    ['plain HTTP', () => matrix.url, () => matrix.origin.url, earlyFaults.filter((fault) => !answers.has(fault))],
    ['SOCKS5', () => `socks5://127.0.0.1:${matrix.port}`, () => matrix.secure.url, lateFaults],
  ] as const)('over %s never notices a proxy that', (_, proxy, url, faults) => {
    let page: Page;
    beforeAll(async () => {
      await matrix.use('refuses connections');
      page = await open(proxy(), url());
    });
    afterAll(() => page.context().close());

    test.each(faults)('%s', async (fault) => {
      await matrix.use(fault);
      expect(tally(await fetchMany(page))).toEqual({ '200 hello ': 6 });
    });
  });
});
