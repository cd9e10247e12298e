import { createServer } from 'node:http';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { describePage, expectAccessible, visit } from '../test/support/browser.ts';
import { listening } from '../../../test/support/listening.ts';

const rowOf = (page: Page, id: string) => page.locator(`.proxy-row[data-id="${id}"]`);

describePage('the proxies', ({ startGateway, open }) => {
  test('each shows its state, score, success, latencies and breaker', async () => {
    const gateway = await startGateway();
    await gateway.request(4);
    const page = await open(gateway.server.dashboard);
    await visit(page, 'Proxies');
    const bad = rowOf(page, gateway.badId);
    await bad.getByText(/^test in \d+ s$/u).waitFor();
    await expect.poll(() => bad.textContent()).toContain('Open');
    await expect.poll(() => rowOf(page, gateway.goodId).textContent()).toMatch(/Healthy.*1\.00.*100%/u);
    const spark = rowOf(page, gateway.goodId).getByRole('img', { name: /in the last 4 attempts$/u });
    await expect.poll(() => spark.count()).toBe(1);
    await expect.poll(() => page.getByRole('table', { name: 'Proxies' }).getAttribute('aria-rowcount')).toBe('3');
  });

  test('one is added, and what is wrong with it is said at its field', async () => {
    const gateway = await startGateway();
    const page = await open(gateway.server.dashboard, { expected: ['400', '409'] });
    await visit(page, 'Proxies');
    await page.getByRole('button', { name: 'Add proxy' }).click();
    const dialog = page.getByRole('dialog', { name: 'Add a proxy' });
    await expectAccessible(page);
    await dialog.getByLabel('Address').fill('ftp://nowhere.test');
    await dialog.getByRole('button', { name: 'Add' }).click();
    await expect.poll(() => dialog.locator('.problem').count()).toBe(1);
    await expect.poll(() => dialog.getByLabel('Address').getAttribute('aria-invalid')).toBe('true');
    await dialog.getByLabel('Address').fill(gateway.badUrl);
    await dialog.getByRole('button', { name: 'Add' }).click();
    await dialog.getByText('Not added: Proxy already exists').waitFor();
    await dialog.getByLabel('Name').fill('brought-by-hand');
    await dialog.getByLabel('Tags').fill('fast, cheap');
    await dialog.getByRole('button', { name: 'Add' }).click();
    await page.getByText('brought-by-hand was added').waitFor();
    await rowOf(page, 'brought-by-hand').getByText('fast · cheap').waitFor();
    expect(gateway.server.rotator.pool.get('brought-by-hand')?.tags).toEqual(['fast', 'cheap']);
  });

  test('one is removed after a question, and added back by undoing it', async () => {
    const gateway = await startGateway();
    const { pool } = gateway.server.rotator;
    const page = await open(gateway.server.dashboard);
    await visit(page, 'Proxies');
    const remove = page.getByRole('button', { name: `Remove ${gateway.goodId}` });
    const dialog = page.getByRole('dialog', { name: `Remove ${gateway.goodId}?` });
    await remove.click();
    await dialog.getByRole('button', { name: 'Cancel' }).click();
    expect(pool.has(gateway.goodId)).toBe(true);
    await remove.click();
    await dialog.getByRole('button', { name: 'Remove' }).click();
    await page.getByText(`${gateway.goodId} was removed.`).waitFor();
    expect(pool.has(gateway.goodId)).toBe(false);
    await expect.poll(() => rowOf(page, gateway.goodId).count()).toBe(0);
    await page.getByRole('button', { name: 'Undo' }).click();
    await rowOf(page, gateway.goodId).getByText('here').waitFor();
    expect(pool.get(gateway.goodId)?.region).toBe('here');
  });

  test('one with credentials cannot be had back by undoing, and the question says so', async () => {
    const gateway = await startGateway({ rotator: { proxies: ['http://user:secret@a.test:1'] } });
    const page = await open(gateway.server.dashboard);
    await visit(page, 'Proxies');
    await page.getByRole('button', { name: 'Remove a.test:1' }).click();
    await page.getByText('they must be entered again').waitFor();
    await page.getByRole('button', { name: 'Remove', exact: true }).click();
    await page.getByText('a.test:1 was removed.').waitFor();
    await expect.poll(() => page.getByRole('button', { name: 'Undo' }).count()).toBe(0);
    expect(await page.content()).not.toContain('secret');
    await page.getByText('No proxies yet').waitFor();
  });

  test('one is paused, and works again by undoing it or by hand', async () => {
    const gateway = await startGateway();
    const { pool } = gateway.server.rotator;
    const page = await open(gateway.server.dashboard);
    await visit(page, 'Proxies');
    const pause = page.getByRole('button', { name: `Pause ${gateway.goodId}` });
    await pause.click();
    await page.getByText(`${gateway.goodId} is paused`).waitFor();
    expect(pool.get(gateway.goodId)?.paused).toBe(true);
    await page.getByRole('button', { name: 'Undo' }).click();
    await page.getByText(`${gateway.goodId} is in use again.`).waitFor();
    await pause.click();
    await page.getByRole('button', { name: `Resume ${gateway.goodId}` }).click();
    await expect.poll(() => pool.get(gateway.goodId)?.paused).toBe(false);
  });

  test('a check says what it found, good or bad', async () => {
    const refusing = await listening(createServer());
    await refusing.close();
    const gone = `127.0.0.1:${refusing.port}`;
    const gateway = await startGateway();
    gateway.server.rotator.addProxy(`http://${gone}`);
    const page = await open(gateway.server.dashboard);
    await visit(page, 'Proxies');
    await page.getByRole('button', { name: `Check ${gateway.goodId} now` }).click();
    await page.getByText(`${gateway.goodId} works: it answered in`).waitFor();
    await page.getByRole('button', { name: `Check ${gone} now` }).click();
    await page.getByText(`${gone} does not work: the connection was refused`).waitFor();
  });

  test('a breaker is reset', async () => {
    const gateway = await startGateway();
    await gateway.request(4);
    const page = await open(gateway.server.dashboard);
    await visit(page, 'Proxies');
    await page.getByRole('button', { name: `Reset the breaker of ${gateway.badId}` }).click();
    await page.getByText(`The breaker of ${gateway.badId} is closed again.`).waitFor();
    expect(gateway.server.rotator.pool.get(gateway.badId)?.breaker.state).toBe('closed');
  });

  test('10 000 are scrolled, sorted, searched and filtered; few of them are made', async () => {
    const proxies = Array.from({ length: 10_000 }, (_, at) => ({
      url: `http://p${at}.test:80`,
      region: at % 2 === 0 ? 'EU' : 'US',
      paused: at % 1000 === 0,
    }));
    const gateway = await startGateway({ rotator: { proxies } });
    const page = await open(gateway.server.dashboard);
    await visit(page, 'Proxies');
    const table = page.getByRole('table', { name: 'Proxies' });
    await rowOf(page, 'p0.test:80').waitFor();
    await expect.poll(() => table.getAttribute('aria-rowcount')).toBe('10001');
    await expect.poll(() => page.locator('.proxy-row').count()).toBeLessThan(60);
    await expectAccessible(page);

    await page.getByRole('button', { name: 'Check p2.test:80 now' }).focus();
    await table.evaluate((element: { scrollTop: number; scrollHeight: number }) => {
      element.scrollTop = element.scrollHeight;
    });
    await rowOf(page, 'p9999.test:80').waitFor();
    await expect.poll(() => rowOf(page, 'p9999.test:80').getAttribute('aria-rowindex')).toBe('10001');
    await expect.poll(() => page.evaluate('document.activeElement.ariaLabel')).toBe('Check p2.test:80 now');
    await expect.poll(() => rowOf(page, 'p10.test:80').count()).toBe(0);

    await page.getByRole('button', { name: /^Paused/u }).click();
    await page.getByText('10 of 10,000').waitFor();
    await page.getByRole('button', { name: 'All', exact: true }).click();
    await page.getByRole('searchbox').fill('p77 eu');
    await page.getByText('55 of 10,000').waitFor();
    await page.getByRole('button', { name: 'Proxy', exact: true }).click();
    await expect.poll(() => rowOf(page, 'p770.test:80').getAttribute('aria-rowindex')).toBe('2');
    await page.getByRole('button', { name: 'Proxy', exact: true }).click();
    await expect.poll(() => rowOf(page, 'p7798.test:80').getAttribute('aria-rowindex')).toBe('2');
    await page.getByRole('searchbox').fill('nothing like this');
    await page.getByRole('button', { name: 'Show all' }).click();
    await page.getByText('10,000', { exact: true }).waitFor();
  });

  test('on a phone they are cards', async () => {
    const proxies = Array.from({ length: 500 }, (_, at) => `http://p${at}.test:80`);
    const gateway = await startGateway({ rotator: { proxies } });
    const page = await open(gateway.server.dashboard, { width: 390 });
    await visit(page, 'Proxies');
    await rowOf(page, 'p0.test:80').waitFor();
    await expect.poll(() => page.locator('.proxy-row').count()).toBeLessThan(40);
    await page.getByRole('button', { name: 'Pause p1.test:80' }).click();
    await page.getByText('p1.test:80 is paused').waitFor();
  });
});
