import { expect, test } from 'vitest';
import { describePage, expectAccessible, visit } from '../test/support/browser.ts';

describePage('the policy', ({ startGateway, open }) => {
  test('the picture is drawn anew while one types, and saving puts it in force', async () => {
    const gateway = await startGateway();
    const { rotator } = gateway.server;
    const page = await open(gateway.server.dashboard);
    await visit(page, 'Policy');
    await page.getByLabel('Attempts', { exact: true }).fill('5');
    await page.getByLabel('First wait').fill('2');
    await expect.poll(() => page.locator('.schedule tbody tr').count()).toBe(5);
    await expect.poll(() => page.locator('.schedule tbody tr').nth(2).textContent()).toContain('4.00 s');
    await page.getByText('5 attempts').waitFor();
    await page.getByText('2 unsaved changes').waitFor();
    await page.getByLabel('Opens after').fill('7');
    await page.getByLabel('For first attempts').selectOption('Best score');
    await page.getByLabel('Chance in the waits').selectOption('Decorrelated');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('Saved: in force for the next request.').waitFor();
    expect(rotator.retryPolicy).toMatchObject({ maxAttempts: 5, baseDelayMs: 2000, jitter: 'decorrelated' });
    expect(rotator.breakerSettings.failures).toBe(7);
    expect(rotator.strategy.name).toBe('best-score');
    await page.getByText(/^Last changed/u).waitFor();
  });

  test('what the API says of a field stands at the field', async () => {
    const gateway = await startGateway();
    const page = await open(gateway.server.dashboard, { expected: ['400'] });
    await visit(page, 'Policy');
    const field = page.getByLabel('First wait');
    await field.fill('61');
    await page.getByText('drawn when all values are in their ranges').waitFor();
    await page.getByLabel('Statuses to retry').fill('502, 200');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('Input should be less than or equal to 60').waitFor();
    await page.getByText('Status codes must be 5xx errors').waitFor();
    await expect.poll(() => field.getAttribute('aria-invalid')).toBe('true');
    await expect.poll(() => page.evaluate('document.activeElement.id')).toBe('setting-base_delay');
    await expectAccessible(page);
    await field.fill('');
    await page.getByText('A number is needed here').waitFor();
    await page.getByRole('button', { name: 'Discard changes' }).click();
    await expect.poll(() => field.inputValue()).toBe('0.1');
  });

  test('changes that are not saved are not left without a question', async () => {
    const gateway = await startGateway();
    const page = await open(gateway.server.dashboard);
    await visit(page, 'Policy');
    await page.getByLabel('First wait').fill('3');
    await page.getByText('1 unsaved change').waitFor();
    await visit(page, 'Proxies');
    const dialog = page.getByRole('dialog', { name: 'Leave without saving?' });
    await expectAccessible(page);
    await dialog.getByRole('button', { name: 'Stay' }).click();
    expect(page.url()).toContain('#/policy');
    await expect.poll(() => page.getByLabel('First wait').inputValue()).toBe('3');
    await visit(page, 'Proxies');
    await dialog.getByRole('button', { name: 'Leave without saving' }).click();
    await page.locator('.proxy-row').first().waitFor();
    expect(page.url()).toContain('#/proxies');
    await visit(page, 'Policy');
    await expect.poll(() => page.getByLabel('First wait').inputValue()).toBe('0.1');
  });

  test('what another person changes shows, and takes nothing from what is being typed', async () => {
    const gateway = await startGateway();
    const { rotator } = gateway.server;
    const page = await open(gateway.server.dashboard);
    await visit(page, 'Policy');
    await page.getByLabel('First wait').fill('3');
    rotator.retryPolicy = rotator.retryPolicy.with({ maxAttempts: 7 });
    await expect.poll(() => page.getByLabel('Attempts', { exact: true }).inputValue()).toBe('7');
    await expect.poll(() => page.getByLabel('First wait').inputValue()).toBe('3');
    await page.getByText('1 unsaved change').waitFor();
  });

  test('without the token it can be read and not changed', async () => {
    const gateway = await startGateway();
    const page = await open(`${gateway.server.api}/#/policy`);
    await page.getByLabel('First wait').waitFor();
    await expect.poll(() => page.getByLabel('First wait').isDisabled()).toBe(true);
    await expect.poll(() => page.getByRole('button', { name: 'Save' }).isDisabled()).toBe(true);
    await expectAccessible(page);
  });

  test('where only a rate opens breakers, there is no number of failures to change', async () => {
    const gateway = await startGateway({ rotator: { circuitBreaker: { failureRate: 0.5 } } });
    const page = await open(gateway.server.dashboard);
    await visit(page, 'Policy');
    const field = page.getByLabel('Opens after');
    await expect.poll(() => field.isDisabled()).toBe(true);
    await page.getByText('Another rule decides here').first().waitFor();
  });
});
