import { connect, createServer, type Socket } from 'node:net';
import { retryBudget } from 'mulligan';
import type { Page } from 'playwright-core';
import { expect, onTestFinished, test } from 'vitest';
import { describePage, expectAccessible, visit } from '../test/support/browser.ts';
import { listening } from '../../../test/support/listening.ts';

const figure = (page: Page, label: string) => page.locator('.figure', { hasText: label }).locator('.value');

/** Stands between the page and the server, as a network that can be cut. */
async function startRelay(port: number) {
  const sockets = new Set<Socket>();
  let isCut = false;
  const relay = await listening(
    createServer((client) => {
      if (isCut) return void client.destroy();
      const server = connect(port, '127.0.0.1');
      for (const socket of [client, server]) {
        sockets.add(socket);
        socket.on('error', () => {});
        socket.once('close', () => void [client.destroy(), server.destroy(), sockets.delete(socket)]);
      }
      client.pipe(server).pipe(client);
    }),
  );
  onTestFinished(() => relay.close());
  return {
    port: relay.port,
    cut(): void {
      isCut = true;
      for (const socket of sockets) socket.destroy();
    },
    mend: () => void (isCut = false),
  };
}

describePage('the page in a real browser', ({ startGateway, open }) => {
  test('it shows what happens, as it happens', async () => {
    const gateway = await startGateway();
    const page = await open(gateway.server.dashboard);
    await page.getByText('No requests yet').waitFor();
    await gateway.request(4);
    await page.locator('.call').nth(3).waitFor();
    await page.getByText('4 since the start').waitFor();
    await expect.poll(() => figure(page, 'Success rate').textContent()).toBe('100%');
    await expect.poll(() => figure(page, 'Open breakers').textContent()).toBe('1 of 2');
    await page
      .locator('.attention li', { hasText: gateway.badId })
      .getByText(/^test in \d+ s$/u)
      .waitFor();
    await expect.poll(() => page.title()).toBe('100% · mulligan');
  });

  test('the retry budget that is left is shown', async () => {
    const gateway = await startGateway({ rotator: { proxies: [], direct: true } });
    await gateway.request(2);
    const page = await open(gateway.server.dashboard);
    await page.getByText('2 since the start').waitFor();
    await expect.poll(() => figure(page, 'Retry budget').textContent()).toBe('–');
    const budget = retryBudget.keyed(() => retryBudget());
    const limited = await startGateway({ rotator: { proxies: [], direct: true, budget } });
    await limited.request(2);
    const second = await open(limited.server.dashboard);
    await expect.poll(() => figure(second, 'Retry budget').textContent()).toMatch(/^\d+ left$/u);
  });

  test('the token leaves the address, and lasts until the tab is closed', async () => {
    const gateway = await startGateway();
    const page = await open(gateway.server.dashboard);
    await page.getByText('Live', { exact: true }).waitFor();
    expect(page.url()).toBe(`${gateway.server.api}/`);
    await page.reload();
    await page.getByText('Live', { exact: true }).waitFor();
    await expect.poll(() => page.getByText('Read only').count()).toBe(0);
  });

  test('a breaker is closed by a click', async () => {
    const gateway = await startGateway();
    await gateway.request(4);
    const page = await open(gateway.server.dashboard);
    await page.getByRole('button', { name: `Reset the breaker of ${gateway.badId}` }).click();
    await page.getByText(`The breaker of ${gateway.badId} is closed again.`).waitFor();
    expect(gateway.server.rotator.pool.get(gateway.badId)?.breaker.state).toBe('closed');
    await expect.poll(() => page.getByRole('button', { name: /^Reset/u }).count()).toBe(0);
  });

  test('without the token it shows everything and changes nothing, until the token is entered', async () => {
    const gateway = await startGateway();
    await gateway.request(4);
    const page = await open(gateway.server.api);
    const reset = page.getByRole('button', { name: /^Reset/u });
    await expect.poll(() => reset.isDisabled()).toBe(true);
    await page.getByRole('button', { name: 'Read only' }).click();
    await page.getByLabel('Token').fill(gateway.server.token ?? '');
    await page.getByRole('button', { name: 'Open' }).click();
    await reset.waitFor();
    await expect.poll(() => reset.isDisabled()).toBe(false);
  });

  test('a token that is not right any more is forgotten', async () => {
    const gateway = await startGateway();
    await gateway.request(4);
    const page = await open(`${gateway.server.api}/#token=of-an-earlier-process`, { expected: ['401'] });
    await page.getByRole('button', { name: /^Reset/u }).click();
    await page.getByText('Not reset').waitFor();
    await page.getByRole('button', { name: 'Read only' }).waitFor();
    expect(gateway.server.rotator.pool.get(gateway.badId)?.breaker.state).toBe('open');
  });

  test('where reads need the token, too, it asks for it, and comes back to where it was', async () => {
    const gateway = await startGateway({ api: { port: 0, host: '0.0.0.0' } });
    const address = gateway.server.api.replace('0.0.0.0', '127.0.0.1');
    const page = await open(`${address}/#/policy`, { expected: ['401'] });
    await page.getByText('This page needs the token').waitFor();
    await expectAccessible(page);
    await page.getByLabel('Token').fill(gateway.server.token ?? '');
    await page.getByRole('button', { name: 'Open' }).click();
    await page.getByLabel('First wait').waitFor();
    expect(page.url()).toBe(`${address}/#/policy`);
  });

  test('it says that the connection is lost, and goes on when the server is back', async () => {
    const gateway = await startGateway();
    await gateway.request(3);
    const page = await open(gateway.server.dashboard);
    await page.locator('.call').nth(2).waitFor();
    const start = await gateway.stop();
    await page.getByText('What you see is').waitFor();
    await expect.poll(() => page.title()).toBe('Connection lost · mulligan');
    await expect.poll(() => page.locator('.call').count()).toBe(3);
    await expectAccessible(page);
    await page.getByRole('button', { name: 'Try now' }).click();
    await start();
    await page.getByRole('status').getByText('Live').waitFor();
    await gateway.request(1);
    await page.getByText('1 since the start').waitFor();
  });

  test('after a lost connection it goes on where it was, with what it missed', async () => {
    const gateway = await startGateway({ api: { port: 0, allowedHosts: ['127.0.0.1'] } });
    const relay = await startRelay(Number(new URL(gateway.server.api).port));
    await gateway.request(2);
    const page = await open(`http://127.0.0.1:${relay.port}/#token=${gateway.server.token}`);
    await page.locator('.call').nth(1).waitFor();
    const asked: string[] = [];
    page.on('request', (request) => {
      const { pathname } = new URL(request.url());
      asked.push(`${pathname} ${request.headers()['last-event-id'] ?? ''}`);
    });
    await gateway.request(1);
    await page.locator('.call').nth(2).waitFor();
    relay.cut();
    await page.getByText('Connection lost.').waitFor();
    await gateway.request(2);
    relay.mend();
    await page.locator('.call').nth(4).waitFor();
    expect(asked.some((each) => /^\/api\/v1\/events [0-9a-f]{8}-\d+$/u.test(each))).toBe(true);
    expect(asked.filter((each) => each.startsWith('/api/v1/requests'))).toEqual([]);
  });

  test('it can be used with the keyboard alone', async () => {
    const gateway = await startGateway();
    await gateway.request(4);
    const page = await open(gateway.server.dashboard);
    await page.getByRole('button', { name: /^Reset/u }).waitFor();
    await page.keyboard.press('Tab');
    await expect.poll(() => page.evaluate('document.activeElement.textContent.trim()')).toBe('Skip to the content');
    await page.keyboard.press('Enter');
    for (let presses = 0; presses < 8; presses++) {
      await page.keyboard.press('Tab');
      if (String(await page.evaluate("document.activeElement.ariaLabel ?? ''")).startsWith('Reset')) break;
    }
    await page.keyboard.press('Enter');
    await page.getByText('is closed again').waitFor();
  });

  test.each([
    [1280, false],
    [1280, true],
    [390, false],
  ])('at a width of %d (dark: %s) no view is cut off, and axe finds nothing', async (width, dark) => {
    const gateway = await startGateway();
    await gateway.request(5);
    const page = await open(gateway.server.dashboard, { width, dark });
    await page.locator('.call').nth(4).waitFor();
    await expectAccessible(page);
    await visit(page, 'Proxies');
    await page.locator('.proxy-row').nth(1).waitFor();
    await expectAccessible(page);
    await visit(page, 'Requests');
    await page.locator('.call').first().click();
    await page.locator('.ledger').waitFor();
    await expectAccessible(page);
    await visit(page, 'History');
    await page.locator('.u-over').first().waitFor();
    await expectAccessible(page);
    await page.getByRole('button', { name: 'Table' }).click();
    await expectAccessible(page);
    await visit(page, 'Policy');
    await page.locator('.schedule').waitFor();
    await expectAccessible(page);
  });

  test('what the first view loads is small', async () => {
    const gateway = await startGateway();
    const page = await open(gateway.server.dashboard);
    await page.getByText('Live', { exact: true }).waitFor();
    const bytes = await page.evaluate(
      `performance.getEntriesByType('resource').filter(({ name }) => name.includes('/assets/')).reduce((sum, { encodedBodySize }) => sum + encodedBodySize, 0)`,
    );
    expect(bytes).toBeGreaterThan(0);
    expect(bytes).toBeLessThan(100_000);
  });
});
