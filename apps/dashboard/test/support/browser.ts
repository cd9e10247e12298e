import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { createServer as createTcpServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import axe from 'axe-core';
import { type Browser, chromium, type Page } from 'playwright-core';
import { build } from 'vite';
import { afterAll, beforeAll, expect, onTestFinished } from 'vitest';
import { type RotatorOptions, type RunningServer, type ServerOptions, startServer } from '@mulligan/proxy';
import { plainThrough } from '../../../../test/support/client.ts';
import { listening } from '../../../../test/support/listening.ts';
import { describeWithProgram } from '../../../../test/support/program.ts';
import { root } from '../../../../test/support/root.ts';
import { startWorkingProxy } from '../../../../test/support/working-proxy.ts';

/** How a page is opened. */
interface OpenOptions {
  readonly width?: number;
  readonly dark?: boolean;
  /** Errors on its console that are what is tested. @default those of a lost connection */
  readonly expected?: readonly string[];
}

/** A gateway with a proxy that works and one that ends every connection. */
interface PageGateway {
  /** The one that runs now. */
  readonly server: RunningServer;
  readonly goodId: string;
  readonly badId: string;
  /** The bad one's address. */
  readonly badUrl: string;
  /** Sends requests through the gateway, one after the other. */
  request(times?: number): Promise<void>;
  /** Ends the server, and gives a way to start it again at the same addresses. */
  stop(): Promise<() => Promise<void>>;
}

/** How a gateway differs from the usual one. */
type PageGatewayOptions = Partial<Omit<ServerOptions, 'rotator'>> & { readonly rotator?: RotatorOptions };

/** Tests of the page in a real browser. */
interface PageTools {
  readonly startGateway: (options?: PageGatewayOptions) => Promise<PageGateway>;
  /** Opens a page, and fails the test for every error that it reports and every request that leaves the server. */
  readonly open: (address: string, options?: OpenOptions) => Promise<Page>;
}

/** Tests that need the built page and Chromium: both are made once for all of them. */
export function describePage(title: string, tests: (tools: PageTools) => void): void {
  describeWithProgram(['chromium', 'chromium-browser', 'google-chrome'], title, (executablePath) => {
    const folder = mkdtempSync(join(tmpdir(), 'mulligan-dashboard-'));
    let browser: Browser | undefined;
    beforeAll(async () => {
      const outDir = { build: { outDir: folder, emptyOutDir: true }, logLevel: 'silent' } as const;
      await build({ root: join(root, 'apps/dashboard'), ...outDir });
      const args = ['--no-sandbox', '--disable-gpu', '--disable-background-networking'];
      browser = await chromium.launch({ executablePath, args });
    });
    afterAll(async () => {
      await browser?.close();
      rmSync(folder, { recursive: true });
    });
    tests({
      startGateway: (options) => startGateway(pathToFileURL(`${folder}/`), options),
      open: (address, options) => {
        if (browser === undefined) throw new Error('the browser has not started');
        return open(browser, address, options);
      },
    });
  });
}

async function startGateway(dashboard: URL, options: PageGatewayOptions = {}): Promise<PageGateway> {
  const good = await startWorkingProxy();
  const origin = await listening(createServer((_, response) => response.end('hello')));
  const bad = await listening(createTcpServer((socket) => socket.resetAndDestroy()));
  const badUrl = `http://127.0.0.1:${bad.port}`;
  const settings: ServerOptions = {
    ...options,
    rotator: {
      proxies: [badUrl, { url: good.url, region: 'here' }],
      strategy: 'round-robin',
      retryPolicy: { baseDelay: 100 },
      circuitBreaker: { failures: 2, openFor: '1h' },
      budget: null,
      ...options.rotator,
    },
    gateway: { port: 0, ...options.gateway },
    api: { port: 0, dashboard, ...options.api },
  };
  let server = await startServer(settings);
  onTestFinished(async () => void (await Promise.all([server, good, origin, bad].map((each) => each.close()))));
  const portOf = (address: string): number => Number(new URL(address).port);
  return {
    get server(): RunningServer {
      return server;
    },
    badId: `127.0.0.1:${bad.port}`,
    badUrl,
    goodId: `127.0.0.1:${good.port}`,
    async request(times = 1): Promise<void> {
      const url = `http://127.0.0.1:${origin.port}/`;
      for (let count = 0; count < times; count++) await plainThrough({ proxyPort: portOf(server.gateway), url });
    },
    async stop(): Promise<() => Promise<void>> {
      const { gateway, api, token } = server;
      await server.close();
      return async () => {
        const again = { ...settings.api, port: portOf(api), ...(token === undefined ? {} : { token }) };
        server = await startServer({ ...settings, gateway: { port: portOf(gateway) }, api: again });
      };
    },
  };
}

async function open(browser: Browser, address: string, options: OpenOptions = {}): Promise<Page> {
  const { width = 1280, dark = false, expected = ['ERR_'] } = options;
  const page = await browser.newPage({ viewport: { width, height: 900 }, colorScheme: dark ? 'dark' : 'light' });
  page.setDefaultTimeout(20_000);
  const problems: string[] = [];
  page.on('pageerror', (error) => problems.push(error.message));
  page.on('console', (message) => {
    const isExpected = expected.some((text) => message.text().includes(text));
    if (message.type() === 'error' && !isExpected) problems.push(message.text());
  });
  page.on('request', (request) => {
    const url = new URL(request.url());
    if (url.protocol !== 'blob:' && url.host !== new URL(address).host) problems.push(`asked for ${request.url()}`);
  });
  onTestFinished(async () => {
    await page.close();
    expect(problems).toEqual([]);
  });
  await page.goto(address);
  return page;
}

/** Goes to another view by the navigation. */
export async function visit(page: Page, view: 'Now' | 'Proxies' | 'Requests' | 'History' | 'Policy'): Promise<void> {
  await page.getByRole('navigation', { name: 'Views' }).getByRole('link', { name: view }).click();
}

/** Holds that nothing is cut off on the right, and that axe finds nothing. */
export async function expectAccessible(page: Page): Promise<void> {
  const overflow = 'document.documentElement.scrollWidth - document.documentElement.clientWidth';
  expect(await page.evaluate(overflow), 'something is wider than the page').toBeLessThanOrEqual(0);
  await page.evaluate(`window.axe ?? ${axe.source}`);
  const { violations } = (await page.evaluate("axe.run({ resultTypes: ['violations'] })")) as {
    violations: { id: string; nodes: { html: string }[] }[];
  };
  expect(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([]);
}
