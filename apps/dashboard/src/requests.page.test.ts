import { expect, test } from 'vitest';
import { describePage, expectAccessible, visit } from '../test/support/browser.ts';

describePage('requests and history', ({ startGateway, open }) => {
  test('a request shows each attempt: through which proxy, why it failed, how long the wait was and why', async () => {
    const gateway = await startGateway();
    await gateway.request(2);
    const page = await open(gateway.server.dashboard);
    await visit(page, 'Requests');
    await page.getByRole('button', { name: 'Retried' }).click();
    await page.locator('.call').first().click();
    const ledger = page.getByRole('region', { name: 'Attempts' });
    const entries = ledger.getByRole('listitem');
    await expect.poll(() => entries.nth(0).textContent()).toContain(gateway.badId);
    await expect.poll(() => entries.nth(0).textContent()).toMatch(/the connection was .*Charged to the proxy/u);
    await expect.poll(() => entries.nth(1).textContent()).toMatch(/Waited \d+ ms by the policy's backoff|No wait/u);
    await expect.poll(() => entries.nth(1).textContent()).toContain(gateway.goodId);
    await page.getByRole('button', { name: 'Resume' }).waitFor();
  });

  test('requests are filtered by their outcome, and the list can be held still', async () => {
    const gateway = await startGateway({ rotator: { retryPolicy: { maxAttempts: 1 } } });
    await gateway.request(4);
    const page = await open(gateway.server.dashboard);
    await visit(page, 'Requests');
    await expect.poll(() => page.locator('.call').count()).toBe(4);
    await page.getByRole('button', { name: 'Failed' }).click();
    await expect.poll(() => page.locator('.call').count()).toBe(2);
    await page.getByRole('button', { name: 'Succeeded' }).click();
    await expect.poll(() => page.locator('.call').count()).toBe(2);
    await page.getByRole('button', { name: 'Cancelled' }).click();
    await page.getByText('None of the newest 4 requests').waitFor();
    await page.getByRole('button', { name: 'All' }).click();
    await page.getByRole('button', { name: 'Hold' }).click();
    await gateway.request(1);
    await page.getByRole('button', { name: 'Resume · 1 newer' }).click();
    await expect.poll(() => page.locator('.call').count()).toBe(5);
  });

  test('a link to a request leads there, also after a reload', async () => {
    const gateway = await startGateway();
    await gateway.request(2);
    const page = await open(gateway.server.dashboard);
    await visit(page, 'Requests');
    await page.locator('.call').first().click();
    const link = page.url();
    await page.reload();
    await page.getByRole('region', { name: 'Attempts' }).waitFor();
    const second = await open(link);
    await second.getByRole('region', { name: 'Attempts' }).waitFor();
    await second.goBack();
  });

  test('of a request that is no longer kept the link says so', async () => {
    const gateway = await startGateway();
    const page = await open(`${gateway.server.api}/#/requests/of-yesterday`, { expected: ['404'] });
    await page.getByText('This request is no longer kept').waitFor();
    await expectAccessible(page);
    await page.getByRole('link', { name: 'To the newest requests' }).click();
    await page.getByText('No requests yet').waitFor();
  });

  test('the history shows what was, of all proxies and of one, and can be zoomed', async () => {
    const gateway = await startGateway();
    await gateway.request(5);
    const page = await open(gateway.server.dashboard);
    await visit(page, 'History');
    await page.locator('.u-over').nth(2).waitFor();
    await page.getByText('opened', { exact: true }).waitFor();
    const chart = page.locator('.u-over').first();
    const box = (await chart.boundingBox()) ?? { x: 0, y: 0, width: 0, height: 0 };
    await page.mouse.move(box.x + box.width / 2, box.y + 20);
    await expect.poll(() => page.locator('.u-legend').first().textContent()).toContain('100%');
    await page.mouse.down();
    await page.mouse.move(box.x + box.width * 0.8, box.y + 20, { steps: 4 });
    await page.mouse.up();
    await page.getByRole('button', { name: 'Show all 24 hours' }).click();
    await page.getByText('drag over it to look closer').waitFor();
    await page.getByRole('link', { name: gateway.badId }).click();
    await page.waitForURL(/history\?proxy=/u);
    await expect.poll(() => page.getByRole('combobox', { name: 'Which proxy' }).inputValue()).toBe(gateway.badId);
    await page.getByRole('button', { name: 'Table' }).click();
    const cells = page.getByRole('region', { name: 'The history as a table' }).getByRole('cell');
    await expect.poll(() => cells.nth(3).textContent()).toBe('0%');
  });

  test('the history is saved as CSV', async () => {
    const gateway = await startGateway();
    await gateway.request(3);
    const page = await open(gateway.server.dashboard);
    await visit(page, 'History');
    const save = async (name: string): Promise<[string, string]> => {
      const [download] = await Promise.all([
        page.waitForEvent('download'),
        page.getByRole('button', { name, exact: true }).click(),
      ]);
      const chunks: Buffer[] = [];
      for await (const chunk of await download.createReadStream()) chunks.push(chunk as Buffer);
      return [download.suggestedFilename(), Buffer.concat(chunks).toString()];
    };
    const [name, text] = await save('Export CSV');
    expect(name).toBe('mulligan-history.csv');
    expect(text.split('\r\n')[0]).toContain('timestamp,duration,requests');
    expect(text.split('\r\n')[1]).toMatch(/Z,60,3,0,1,2,/u);
    const [, events] = await save('Export breaker events');
    expect(events).toContain(`${gateway.badId},closed,open,2`);
  });

  test('where nothing happened yet, the history says so', async () => {
    const gateway = await startGateway();
    const page = await open(`${gateway.server.api}/#/history`);
    await page.getByText('Nothing happened yet').waitFor();
    await expectAccessible(page);
  });
});
