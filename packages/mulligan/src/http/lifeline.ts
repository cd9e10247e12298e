import { Cancellation } from '../kernel/index.ts';

/** Lets go of a caller's signal once the body that it could still have ended is gone. Not every platform can tell. */
const whenCollected =
  typeof FinalizationRegistry === 'undefined'
    ? undefined
    : new FinalizationRegistry<Cancellation>((cancellation) => cancellation.close());

/**
 * Runs one exchange: until the headers have come, whatever ends the attempt (a time limit, the caller) ends the exchange;
 * from then on the caller's signal can still end the reading of the body.
 */
export function underSignals(
  caller: AbortSignal | undefined,
  attempt: Cancellation,
  exchange: (signal: AbortSignal) => Promise<Response>,
): Promise<Response> {
  if (caller !== undefined) return underLifeline(caller, attempt, exchange);
  return exchange(attempt.signal).then((response) => {
    if (attempt.aborted) abandon(response, attempt.reason);
    return response;
  });
}

/**
 * The signal of this exchange outlives its attempt, as long as the body lives. However many bodies there are, one listener
 * on the caller's signal serves them all. Handing that signal to the platform's `fetch` would add one for each request,
 * and leave them there until the next garbage collection.
 */
async function underLifeline(
  caller: AbortSignal,
  attempt: Cancellation,
  exchange: (signal: AbortSignal) => Promise<Response>,
): Promise<Response> {
  const lifeline = new Cancellation(caller);
  const leave = attempt.onAbort((reason) => lifeline.abort(reason));
  let isNeeded = false;
  try {
    const response = await exchange(lifeline.signal);
    if (attempt.aborted) abandon(response, attempt.reason);
    else if (response.body !== null) {
      isNeeded = true;
      whenCollected?.register(response.body, lifeline);
    }
    return response;
  } finally {
    leave();
    if (!isNeeded) lifeline.close();
  }
}

/** A response that comes although its attempt has ended: nobody will read it. */
function abandon({ body }: Response, reason: unknown): void {
  body?.cancel(reason).catch(() => {});
}
