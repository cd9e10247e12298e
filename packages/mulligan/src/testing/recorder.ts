import { type EventListener, type MulliganEvent, onEvent, type Subscription } from '../kernel/index.ts';

type EventOf<K extends MulliganEvent['type']> = Extract<MulliganEvent, { readonly type: K }>;

/** A listener that remembers. Give it to a policy as `onEvent`, or let it hear everything with {@link Recorder.listen}. */
export interface Recorder extends EventListener {
  /** What has happened, oldest first. */
  readonly events: readonly MulliganEvent[];
  /** The types of {@link Recorder.events}, for a look at the order of things. */
  readonly types: readonly MulliganEvent['type'][];
  /** The waits of all retries, in milliseconds. */
  readonly waitsMs: readonly number[];
  /** The events of one type. */
  of<K extends MulliganEvent['type']>(type: K): readonly EventOf<K>[];
  /** Forgets everything. */
  clear(): void;
  /** Hears all events of the process until the subscription ends. */
  listen(): Subscription;
}

/** Makes a {@link Recorder}. */
export function recorder(): Recorder {
  const events: MulliganEvent[] = [];
  const listener = (event: MulliganEvent): void => void events.push(event);
  const of = <K extends MulliganEvent['type']>(type: K): EventOf<K>[] =>
    events.filter((event): event is EventOf<K> => event.type === type);
  const clear = (): void => void events.splice(0);
  return Object.defineProperties(
    Object.assign(listener, { of, clear, listen: () => onEvent(listener) }) as unknown as Recorder,
    {
      events: { get: () => [...events] },
      types: { get: () => events.map((event) => event.type) },
      waitsMs: { get: () => of('retry.scheduled').map((event) => event.waitMs) },
    },
  );
}
