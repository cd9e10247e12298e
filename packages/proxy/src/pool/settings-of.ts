import { formatWithCredentials } from '../address/index.ts';
import type { Proxy } from './proxy.ts';
import type { ProxySettings } from './settings.ts';

/** The settings that make this proxy again, credentials included: never shown, only kept. */
export function settingsOf(proxy: Proxy): ProxySettings & { readonly id: string } {
  const { id, address, region, tags, weight, cost, metadata, maxConcurrent, ratePerSecond, paused, tls } = proxy;
  return {
    url: formatWithCredentials(address),
    id,
    ...(region === undefined ? {} : { region }),
    tags,
    weight,
    cost,
    metadata,
    ...(maxConcurrent === Number.POSITIVE_INFINITY ? {} : { maxConcurrent }),
    ...(ratePerSecond === Number.POSITIVE_INFINITY ? {} : { ratePerSecond }),
    paused,
    ...(tls === undefined ? {} : { tls }),
  };
}
