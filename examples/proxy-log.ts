// The lines of ProxyWhirl's log, and events for whatever else you want to know.
// #region log
import { ProxyRotator, proxywhirlLog } from '@mulligan/proxy';
// #endregion
import { closeAll, serveBrokenProxy, serveProxy, serveTarget } from './support/proxies.ts';

const target = await serveTarget();
const [broken, working] = [await serveBrokenProxy(), await serveProxy()];
const proxies = [
  { id: 'proxy1', url: broken.url },
  { id: 'proxy2', url: working.url },
];
const lines: string[] = [];
const write = (line: string): void => void lines.push(line);
const logger = { info: write, warn: write, error: write };

// #region log
const rotator = new ProxyRotator({ proxies, strategy: 'round-robin', onEvent: proxywhirlLog(logger) });
// #endregion

// #region events
rotator.events.on((event) => {
  if (event.type !== 'request.ended') return;
  for (const { attempt, proxyId, outcome, failure } of event.attempts) {
    console.log(
      `attempt ${attempt} through ${proxyId}: ${outcome}${failure === undefined ? '' : ` (${failure.message})`}`,
    );
  }
});
// #endregion

await rotator.get(`${target.url}/data`);
for (const line of lines) console.log(line.replaceAll(target.url, 'http://…'));
await closeAll(rotator, target, broken, working);
