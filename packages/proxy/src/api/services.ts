import type { World } from 'mulligan';
import type { HealthSettings } from '../health/index.ts';
import type { ProxyRotator } from '../rotator/index.ts';
import type { Broadcaster } from './live/broadcaster.ts';
import type { Recorder } from './live/recorder.ts';
import type { DemoInfo, ServerAddresses } from './options.ts';

/** What the routes work with. */
export interface ApiServices {
  readonly rotator: ProxyRotator;
  readonly world: World;
  readonly recorder: Recorder;
  readonly broadcaster: Broadcaster;
  readonly addresses: () => ServerAddresses;
  readonly demo: DemoInfo | undefined;
  /** `undefined` where proxies are not checked. */
  readonly health: HealthSettings | undefined;
  readonly writesNeedToken: boolean;
}
