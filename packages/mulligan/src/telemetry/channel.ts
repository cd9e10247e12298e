import { type EventListener, type MulliganEvent, onEvent, type Subscription } from '../kernel/index.ts';

interface Channel {
  readonly hasSubscribers: boolean;
  publish(message: unknown): void;
}

interface DiagnosticsChannel {
  channel(name: string): Channel;
}

interface PlatformProcess {
  readonly process?: { readonly getBuiltinModule?: (name: string) => unknown };
}

/**
 * A listener that publishes every event on `node:diagnostics_channel`, on the channel `mulligan:` and its type, such
 * as `mulligan:retry.scheduled`. Where the platform has no such module, it does nothing.
 */
export function channelListener(): EventListener {
  const platform = globalThis as unknown as PlatformProcess;
  const module = platform.process?.getBuiltinModule?.('node:diagnostics_channel') as DiagnosticsChannel | undefined;
  if (module === undefined) return () => undefined;
  const channels = new Map<string, Channel>();
  return (event: MulliganEvent) => {
    let channel = channels.get(event.type);
    if (channel === undefined) {
      channel = module.channel(`mulligan:${event.type}`);
      channels.set(event.type, channel);
    }
    if (channel.hasSubscribers) channel.publish(event);
  };
}

/** Publishes everything that happens in this process, until the subscription ends. */
export function publishEvents(): Subscription {
  return onEvent(channelListener());
}
