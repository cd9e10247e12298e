// Makes the pictures of the dashboard for the docs: runs the demonstration and looks at it in Chromium.
// node scripts/screenshots.mjs   (CHROMIUM names the browser; default /usr/bin/chromium)
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout } from 'node:timers/promises';
import { ready } from './ready.mjs';
import { root } from './step.mjs';

await ready();

const { chromium } = createRequire(join(root, 'apps/dashboard/package.json'))('playwright-core');
const serve = ['packages/cli/dist/main.js', 'serve', '--demo', '--port', '0', '--api-port', '0', '--json'];
const server = spawn(process.execPath, serve, { cwd: root, stdio: ['ignore', 'pipe', 'inherit'] });
const [line] = await once(createInterface({ input: server.stdout }), 'line');
const { api, token } = JSON.parse(line);

// Long enough that retries, failovers and open breakers are in the picture.
await setTimeout(30_000);

const browser = await chromium.launch({
  executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'],
});
const shots = [
  { name: 'dashboard', colorScheme: 'light', width: 1280, height: 900 },
  { name: 'dashboard-dark', colorScheme: 'dark', width: 1280, height: 900 },
  { name: 'dashboard-phone', colorScheme: 'light', width: 390, height: 844 },
];
for (const { name, colorScheme, width, height } of shots) {
  const page = await browser.newPage({ colorScheme, viewport: { width, height } });
  await page.goto(`${api}/#token=${token}`);
  await page.getByText('Live').waitFor();
  await setTimeout(2000);
  const path = join(root, 'docs/images', `${name}.png`);
  await page.screenshot({ path });
  console.log(path);
}
await browser.close();
server.kill('SIGINT');
await once(server, 'exit');
