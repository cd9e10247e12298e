import type { CheckOptions, CheckResult } from '../../rotator/index.ts';
import type { CheckJson, CheckRequest } from '../schema/check.ts';
import { failureJson } from './call.ts';
import { toMoment, toSeconds } from './number.ts';

/** What a check of a proxy has found, as the API shows it. */
export function checkJson({ proxyId, isWorking, at, latencyMs, status, failure }: CheckResult): CheckJson {
  return {
    proxy_id: proxyId,
    working: isWorking,
    timestamp: toMoment(at),
    latency: toSeconds(latencyMs),
    status: status ?? null,
    failure: failureJson(failure),
  };
}

/** How a client wants a proxy checked, as the rotator takes it. */
export function checkOptions({ url, timeout }: CheckRequest): CheckOptions {
  return {
    ...(url === undefined ? {} : { url }),
    ...(timeout === undefined ? {} : { timeout: timeout * 1000 }),
  };
}
