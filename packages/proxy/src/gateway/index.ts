/** The gateway: a forward proxy for every client, with failover that none of them sees. */
export type { GatewayEvent, GatewayRequestBegan, GatewayRequestEnded, InboundKind } from './event.ts';
export { Gateway } from './gateway.ts';
export type { GatewayLimits, GatewayOptions, GatewayTimers } from './options.ts';
export { isLoopbackHost } from './plan.ts';
export type { GatewayUser } from './user.ts';
