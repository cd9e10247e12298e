import type { ProxyEvent } from '../../rotator/index.ts';
import { breakerEventJson } from '../json/breaker.ts';
import { checkJson } from '../json/check.ts';
import { policyJson } from '../json/policy.ts';
import type { ApiServices } from '../services.ts';

/** Takes in what happens in the rotator: remembers it, and tells it to everyone who listens. */
export function publish({ rotator, recorder, broadcaster }: ApiServices, event: ProxyEvent): void {
  const call = recorder.hear(event);
  switch (event.type) {
    case 'request.ended':
      return broadcaster.publish('request', call);
    case 'breaker.transition':
      return broadcaster.publish('breaker', breakerEventJson({ ...event, failureCount: event.failures }));
    case 'pool.added':
      return broadcaster.publish('proxy.added', { proxy_id: event.proxyId });
    case 'pool.updated':
      return broadcaster.publish('proxy.updated', { proxy_id: event.proxyId });
    case 'pool.removed':
      return broadcaster.publish('proxy.removed', { proxy_id: event.proxyId });
    case 'proxy.checked':
      return broadcaster.publish('proxy.checked', checkJson(event));
    case 'policy.changed':
      return broadcaster.publish('policy', policyJson(rotator));
    default:
  }
}
