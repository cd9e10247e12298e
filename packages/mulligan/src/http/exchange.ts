import type { Context } from '../kernel/index.ts';
import type { FetchArguments } from './body.ts';
import { buffered } from './buffered.ts';
import type { FetchCall } from './call.ts';
import { inspectGitHub } from './github.ts';
import { underSignals } from './lifeline.ts';
import type { Exchange } from './origin.ts';
import type { FetchPlan } from './plan.ts';

/** Sends a request by the plan's `fetch`. */
export function exchangeByFetch(plan: FetchPlan): Exchange<FetchCall> {
  const send = async (call: FetchCall, { number }: Context, args: FetchArguments): Promise<Response> => {
    const { fetch, github, world } = plan;
    const response = await fetch(...args);
    if (github?.hosts.has(call.host) === true) {
      const { method, url } = call;
      await inspectGitHub(github, response, { method, url, attempt: number, wallNowMs: world.wallNow() });
    }
    return call.isBuffered && response.ok ? buffered(response) : response;
  };
  return async (call, context) => {
    const [input, init] = await call.forAttempt(context.number);
    if (!context.isCancellable) return send(call, context, [input, init]);
    return underSignals(call.signal, context.cancellation, (signal) =>
      send(call, context, [input, { ...init, signal }]),
    );
  };
}
