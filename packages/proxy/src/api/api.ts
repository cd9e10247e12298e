import type { OpenAPIHono } from '@hono/zod-openapi';
import { systemWorld } from 'mulligan';
import { Registry } from 'prom-client';
import { createApp } from './app.ts';
import { proxyJson } from './json/proxy.ts';
import { statusJson } from './json/status.ts';
import { Broadcaster } from './live/broadcaster.ts';
import { publish } from './live/publish.ts';
import { Recorder } from './live/recorder.ts';
import type { ApiOptions } from './options.ts';
import { planApi } from './plan.ts';
import { countEvents } from './prometheus/event-counters.ts';
import type { ApiServices } from './services.ts';

/** The REST API, its events and its pages, over one rotator. */
export interface Api {
  /** Answers requests: give its `fetch` to a server. */
  readonly app: OpenAPIHono;
  /** Ends the streams of events and stops listening to the rotator. */
  close(): void;
}

/** Makes the REST API. @throws {InvalidOptionError} for options that cannot be */
export function createApi(options: ApiOptions): Api {
  const plan = planApi(options);
  const { rotator, addresses, demo, health, world = systemWorld } = options;
  const recorder = new Recorder(rotator.pool, world);
  const shown = { rotator, world, recorder, addresses, demo, health, writesNeedToken: plan.token !== undefined };
  const broadcaster = new Broadcaster({
    pool: rotator.pool,
    world,
    status: () => statusJson(shown),
    proxy: (proxy) => proxyJson(proxy, world, recorder),
  });
  const services: ApiServices = { ...shown, broadcaster };
  const registry = new Registry();
  const count = countEvents(registry);
  const unsubscribe = rotator.events.on((event) => {
    count(event);
    publish(services, event);
  });
  return {
    app: createApp(services, plan, registry),
    close: () => {
      unsubscribe();
      broadcaster.close();
    },
  };
}
