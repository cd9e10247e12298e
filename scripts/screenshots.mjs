// Makes the pictures of the dashboard for the docs: runs the demonstration and looks at each view in Chromium, light,
// dark and on a phone. The demonstration is young: what its history would be after a day is simulated.
// node scripts/screenshots.mjs   (CHROMIUM names the browser; default /usr/bin/chromium)
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout } from 'node:timers/promises';
import { ready } from './ready.mjs';
import { simulatedDay } from './simulated-day.mjs';
import { root } from './step.mjs';

await ready();

/** @type {typeof import('playwright-core')} */
const { chromium } = createRequire(join(root, 'apps/dashboard/package.json'))('playwright-core');
const day = simulatedDay(new Date());

/** @typedef {import('playwright-core').Page} Page */

/**
 * Chooses a request that was retried, so that its ledger has something to tell.
 *
 * @param {Page} page
 */
async function openRetried(page) {
  await page.getByRole('button', { name: 'Retried' }).click();
  await page.locator('.call').first().click();
  await page.locator('.ledger').waitFor();
}

/**
 * Types what is not saved, so that the picture shows what it would come to.
 *
 * @param {Page} page
 */
async function typePolicy(page) {
  await page.getByLabel('Attempts', { exact: true }).fill('5');
  await page.getByLabel('First wait').fill('1');
  await page.getByLabel('Longest wait').fill('10');
  await page.getByLabel('Longest wait').blur();
}

/** @type {{ view: string, fragment: string, sign: string, prepare?: (page: Page) => Promise<void> }[]} */
const views = [
  { view: 'now', fragment: '#/', sign: '.call' },
  { view: 'proxies', fragment: '#/proxies', sign: '.proxy-row' },
  { view: 'requests', fragment: '#/requests', sign: '.call', prepare: openRetried },
  { view: 'history', fragment: '#/history', sign: '.u-over' },
  { view: 'policy', fragment: '#/policy', sign: '.schedule', prepare: typePolicy },
];
/** @type {{ suffix: string, colorScheme: 'light' | 'dark', width: number, height: number }[]} */
const looks = [
  { suffix: '', colorScheme: 'light', width: 1280, height: 900 },
  { suffix: '-dark', colorScheme: 'dark', width: 1280, height: 900 },
  { suffix: '-phone', colorScheme: 'light', width: 390, height: 844 },
];

/**
 * Looks at every view.
 *
 * @param {import('playwright-core').Browser} browser
 * @param {{ api: string, token: string }} server
 * @param {(typeof looks)[number]} look
 */
async function takePictures(browser, { api, token }, { suffix, colorScheme, width, height }) {
  const page = await browser.newPage({ colorScheme, viewport: { width, height } });
  page.setDefaultTimeout(10_000);
  await page.route(/\/api\/v1\/(?:metrics|circuit-breakers)\//u, (route) => {
    const answer = day[new URL(route.request().url()).pathname.replace('/api/v1/', '')];
    return answer === undefined ? route.continue() : route.fulfill({ json: answer });
  });
  await page.goto(`${api}/#token=${token}`);
  for (const { view, fragment, sign, prepare } of views) {
    await page.goto(`${api}/${fragment}`);
    await page.getByText('Live', { exact: true }).waitFor();
    await page.locator(sign).first().waitFor();
    await prepare?.(page);
    // Until the figures stand.
    await setTimeout(1500);
    const path = join(root, 'docs/images', `dashboard${view === 'now' ? '' : `-${view}`}${suffix}.png`);
    await page.screenshot({ path });
    console.log(path);
  }
  await page.close();
}

const serve = ['packages/cli/dist/main.js', 'serve', '--demo', '--port', '0', '--api-port', '0', '--json'];
const server = spawn(process.execPath, serve, { cwd: root, stdio: ['ignore', 'pipe', 'inherit'] });
try {
  const [line] = await once(createInterface({ input: server.stdout }), 'line');
  // Long enough that retries, failovers and open breakers are in the picture.
  await setTimeout(45_000);
  const browser = await chromium.launch({
    executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'],
  });
  try {
    for (const look of looks) await takePictures(browser, JSON.parse(line), look);
  } finally {
    await browser.close();
  }
} finally {
  server.kill('SIGINT');
  await once(server, 'exit');
}
