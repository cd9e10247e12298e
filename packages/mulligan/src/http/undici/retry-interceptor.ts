import type { Dispatcher } from 'undici';
import { keyed } from '../../kernel/index.ts';
import type { FetchOptions } from '../options.ts';
import { fail, Origin } from '../origin.ts';
import { planFetch } from '../plan.ts';
import { DispatchCall } from './dispatch-call.ts';
import type { DispatchedResponse } from './dispatched-response.ts';
import { exchangeByDispatch } from './exchange.ts';

/** The options of {@link retryInterceptor}: those of `createFetch`, but for what needs a fetch or a whole body. */
export type InterceptorOptions = Omit<FetchOptions, 'fetch' | 'buffer' | 'github' | 'stopOuterRetries'>;

/**
 * The policy of `createFetch` for users of undici's own `request`, `stream` and `pipeline`. Give it to the dispatcher of
 * the undici that makes the requests: the parts of two copies of undici do not fit together.
 *
 * `onResult` gets no whole `Response`, but its status and its headers.
 *
 * @example
 * const agent = new Agent().compose(retryInterceptor({ retry: 5, attemptTimeout: '10s' }));
 * const { statusCode, body } = await request('https://api.example.com/users', { dispatcher: agent });
 */
export function retryInterceptor(options: InterceptorOptions = {}): Dispatcher.DispatcherComposeInterceptor {
  const plan = planFetch({ ...options, github: false });
  return (dispatch) => {
    const exchange = exchangeByDispatch(dispatch);
    const origins = keyed((origin) => new Origin<DispatchCall>(plan, origin, exchange));
    return (given, handler) => {
      if (given.method === 'CONNECT' || Boolean(given.upgrade)) return dispatch(given, handler);
      const call = new DispatchCall(plan, given, handler);
      origins
        .for(call.origin)
        .run(call)
        .then(
          (response) => call.deliver(response as unknown as DispatchedResponse),
          (error: unknown) => {
            fail(call, error);
            call.fail(error);
          },
        );
      return true;
    };
  };
}
