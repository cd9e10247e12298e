import type { Context } from '../kernel/index.ts';
import type { FetchArguments } from './body.ts';
import { buffered } from './buffered.ts';
import type { FetchCall } from './call.ts';
import { inspectGitHub } from './github.ts';
import { underSignals } from './lifeline.ts';
import type { Exchange } from './origin.ts';
import type { FetchPlan } from './plan.ts';

/** Sends a request by the plan's `fetch`. Without an async function of its own: each would cost every request. */
export function exchangeByFetch(plan: FetchPlan): Exchange<FetchCall> {
  const send = (call: FetchCall, context: Context, args: FetchArguments): Promise<Response> => {
    const isGitHub = plan.github?.hosts.has(call.host) === true;
    const response = plan.fetch(...args);
    return isGitHub || call.isBuffered ? receive(plan, call, context, response) : response;
  };
  const exchange = (call: FetchCall, context: Context, args: FetchArguments): Promise<Response> => {
    if (!context.isCancellable) return send(call, context, args);
    const [input, init] = args;
    return underSignals(call.signal, context.cancellation, (signal) =>
      send(call, context, [input, { ...init, signal }]),
    );
  };
  return (call, context) => {
    const args = call.forAttempt(context.number);
    return args instanceof Promise ? args.then((made) => exchange(call, context, made)) : exchange(call, context, args);
  };
}

async function receive(
  { github, world }: FetchPlan,
  call: FetchCall,
  { number }: Context,
  sent: Promise<Response>,
): Promise<Response> {
  const response = await sent;
  if (github?.hosts.has(call.host) === true) {
    const { method, url } = call;
    await inspectGitHub(github, response, { method, url, attempt: number, wallNowMs: world.wallNow() });
  }
  return call.isBuffered && response.ok ? buffered(response) : response;
}
