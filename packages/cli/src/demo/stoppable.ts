/** A part of the demonstration that has started. */
export interface Stoppable {
  stop(): Promise<void>;
}

/** Waits until all parts have started. Where one cannot, the others are stopped and its error is thrown. */
export async function startedTogether<T extends readonly Stoppable[]>(starting: {
  readonly [Part in keyof T]: Promise<T[Part]>;
}): Promise<T> {
  const outcomes = await Promise.allSettled<Stoppable>(starting);
  const failure = outcomes.find((outcome) => outcome.status === 'rejected');
  const parts = outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? outcome.value : []));
  if (failure === undefined) return parts as readonly Stoppable[] as T;
  await stopAll(parts);
  throw failure.reason;
}

/** Stops all parts at once, and waits until they have ended. */
export async function stopAll(parts: readonly Stoppable[]): Promise<void> {
  await Promise.all(parts.map((part) => part.stop()));
}
