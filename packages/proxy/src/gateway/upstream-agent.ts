import { Agent, type ClientRequestArgs } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { callbackify } from 'node:util';
import { AttemptFailure } from '../failure/index.ts';

/** How a request of `node:http` reaches its upstream. */
interface UpstreamRoute {
  /** Connections with the same key lead to the same place in the same way. */
  readonly key: string;
  /** Makes a new connection. */
  dial(): Promise<Socket>;
}

interface RoutedOptions extends ClientRequestArgs {
  readonly route?: UpstreamRoute;
}

/** Keeps connections to upstreams open between requests. What makes them comes with each request, as `route`. */
export class UpstreamAgent extends Agent {
  override getName(options?: RoutedOptions): string {
    return options?.route?.key ?? '';
  }

  override createConnection(
    { route }: RoutedOptions,
    callback?: (error: Error | null, stream: Duplex) => void,
  ): undefined {
    if (route === undefined || callback === undefined) return;
    callbackify(async () => {
      const socket = await route.dial();
      if (socket.readableEnded || socket.destroyed) throw closedAtOnce(socket);
      // A kept connection that the upstream ends must end here, too.
      socket.allowHalfOpen = false;
      return socket;
    })(callback);
  }
}

function closedAtOnce(socket: Socket): AttemptFailure {
  socket.destroy();
  const details = { fault: 'proxy', isAmbiguous: true, mayFailOver: true, phase: 'connect' } as const;
  return new AttemptFailure('the connection was closed as soon as it stood', details);
}
