// Seed 2, monitoring: its lines of the log and its five figures.
// #region metrics
import { retry } from 'mulligan';
import { client } from 'mulligan/presets';
import { metricsStore } from 'mulligan/telemetry';

const metrics = metricsStore();
const writeLine = client.logLines(console);
const observed = retry({
  ...client.retryConfig({ maxRetries: 3, jitter: false }),
  onEvent: (event) => {
    metrics.listener(event);
    writeLine(event);
  },
  // #endregion
  world: virtualWorldOfThisExample(),
  // #region metrics
});
// #endregion
import { script, type VirtualWorld, virtualWorld } from 'mulligan/testing';

var world: VirtualWorld | undefined;
function virtualWorldOfThisExample(): VirtualWorld {
  world ??= virtualWorld();
  return world;
}
