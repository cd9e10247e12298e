import { Cancellation, sleep, type World } from 'mulligan';
import type { Origin } from './demonstration.ts';
import { requestThrough, type Route, type TrafficRequest } from './request-through.ts';
import type { Stoppable } from './stoppable.ts';

/** Requests per second, on average. */
const rate = 5;
/** More than this at once would say more of this machine than of the gateway. */
const most = 20;

type Draft = Omit<TrafficRequest, 'url'> & { readonly scheme: 'http' | 'https'; readonly path: string };

/** What is asked for, and how often among 20 requests. */
const mix: readonly (readonly [share: number, draft: Draft])[] = [
  [8, { method: 'GET', scheme: 'http', path: '/json' }],
  [8, { method: 'GET', scheme: 'https', path: '/json' }],
  [2, { method: 'GET', scheme: 'https', path: '/bytes/50000' }],
  [1, { method: 'POST', scheme: 'http', path: '/echo', body: 'Every call deserves a second chance.' }],
  [1, { method: 'POST', scheme: 'https', path: '/echo', body: 'Every call deserves a second chance.' }],
];
const drafts: readonly Draft[] = mix.flatMap(([share, draft]) => Array.from({ length: share }, () => draft));

/** The next request, by chance. */
export function drawRequest(origin: Origin, random: () => number): TrafficRequest {
  const draft = drafts[Math.floor(random() * drafts.length)];
  if (draft === undefined) throw new RangeError('random must return a number from 0 to 1');
  const { scheme, path, ...rest } = draft;
  return { ...rest, url: origin[scheme] + path };
}

/** The wait before the next request, by chance, in milliseconds. */
export function drawPauseMs(random: () => number): number {
  return (1000 / rate) * (0.5 + random());
}

/** Sends a modest stream of requests to the origin through the gateway until it is stopped. */
export function startTraffic(
  origin: Origin,
  { gateway, user }: Pick<Route, 'gateway' | 'user'>,
  world: World,
): Stoppable {
  const stopping = new Cancellation();
  const running = new Set<Promise<void>>();
  const send = async (): Promise<void> => {
    const cancellation = new Cancellation(stopping);
    const route = { gateway, user, ca: origin.ca, signal: cancellation.signal };
    try {
      await requestThrough(drawRequest(origin, world.random), route);
    } catch {
      // What fails is the gateway's to count and to show.
    }
    cancellation.close();
  };
  const flow = async (): Promise<void> => {
    while (!stopping.aborted) {
      if (running.size < most) {
        const sent = send().then(() => void running.delete(sent));
        running.add(sent);
      }
      await sleep(world, drawPauseMs(world.random), stopping).catch(() => {});
    }
  };
  const flowing = flow();
  return {
    async stop() {
      stopping.abort(new Error('the traffic is stopped'));
      await flowing;
      await Promise.all(running);
    },
  };
}
