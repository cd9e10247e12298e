import { keyed } from '../kernel/index.ts';
import { ledgerOf } from '../retry/index.ts';
import type { FetchInit, FetchInput } from './body.ts';
import { FetchCall } from './call.ts';
import { exchangeByFetch } from './exchange.ts';
import type { FetchOptions, ResilientFetch } from './options.ts';
import { fail, Origin } from './origin.ts';
import { planFetch } from './plan.ts';

/**
 * Makes a `fetch` that survives bad networks and busy servers, to be used wherever the platform's is: it takes the
 * same arguments and answers the same way. A response whose status could not be bettered is returned, with its body;
 * an error of the network is thrown unchanged. `ledgerOf` tells of all attempts of either.
 *
 * The body of a response is the caller's: once it has been returned nothing is sent again. A body that breaks off is an
 * error where it is read, and the caller's signal still ends the reading.
 *
 * @example
 * const fetch = createFetch({ retry: { attempts: 5 }, timeout: '30s', attemptTimeout: '5s' });
 * const response = await fetch('https://api.example.com/users');
 *
 * @throws {InvalidOptionError} for options that cannot be meant
 */
export function createFetch(options: FetchOptions = {}): ResilientFetch {
  const plan = planFetch(options);
  const exchange = exchangeByFetch(plan);
  const origins = keyed((origin) => new Origin(plan, origin, exchange));
  return async function fetch(input: FetchInput, init?: FetchInit | null): Promise<Response> {
    const call = new FetchCall(plan, input, init ?? {});
    try {
      const response = await origins.for(call.origin).run(call);
      if (plan.stopOuterRetries && !response.ok && wasGivenUp(response)) stopOuterRetries(response);
      return response;
    } catch (error) {
      fail(call, error);
      throw error;
    }
  };
}

/** Whether retrying was given up with this response; not when retries are switched off, or somebody else's. */
export function wasGivenUp(response: Response): boolean {
  const reason = ledgerOf(response)?.reason;
  return reason !== undefined && reason !== 'inactive' && reason !== 'nested';
}

/** A response's own headers cannot be changed: it gets a copy that can, in their place. */
function stopOuterRetries(response: Response): void {
  const headers = new Headers(response.headers);
  headers.set('x-should-retry', 'false');
  Object.defineProperty(response, 'headers', { value: headers, configurable: true });
}
