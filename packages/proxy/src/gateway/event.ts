/** How a client asked. */
export type InboundKind = 'connect' | 'http' | 'socks5';

interface GatewayEventBase {
  /** Wall-clock milliseconds since 1970-01-01 UTC. */
  readonly at: number;
  /** The same as in the rotator's events about the request. */
  readonly requestId: string;
  readonly inbound: InboundKind;
  readonly method: string;
  /** `host:port` */
  readonly target: string;
  /** Who asked, where the gateway asks for credentials. */
  readonly user: string | undefined;
}

/** A client asked for something, and was let in. */
export interface GatewayRequestBegan extends GatewayEventBase {
  readonly type: 'gateway.began';
}

/** All is over: the response has been delivered, or the tunnel closed. */
export interface GatewayRequestEnded extends GatewayEventBase {
  readonly type: 'gateway.ended';
  /** What the client was answered; `undefined` when it went away before. */
  readonly status: number | undefined;
  /** How many attempts were made. */
  readonly attempts: number;
  readonly durationMs: number;
  /** Bytes from the client to the target: of a request's body, or of a tunnel. */
  readonly bytesUp: number;
  /** Bytes from the target to the client. */
  readonly bytesDown: number;
  /** Why it failed, in a sentence without credentials. */
  readonly failure: string | undefined;
}

/** What happens in a gateway. */
export type GatewayEvent = GatewayRequestBegan | GatewayRequestEnded;
