import { onTestFinished } from 'vitest';
import { Gateway, type GatewayEvent, type GatewayOptions } from '../../packages/proxy/src/gateway/index.ts';
import { ProxyRotator, type RotatorOptions } from '../../packages/proxy/src/rotator/index.ts';

/** A gateway of a test, with what it has told. */
export interface TestGateway {
  readonly gateway: Gateway;
  readonly rotator: ProxyRotator;
  readonly port: number;
  readonly url: string;
  readonly events: readonly GatewayEvent[];
}

/**
 * Starts a gateway that ends with the test. Its proxies take turns, breakers stay closed, budgets do not count and
 * waits are short, unless the test says otherwise. Without proxies it goes straight to the targets.
 */
export async function startGateway(
  { proxies, ...rotatorOptions }: RotatorOptions = {},
  options: Partial<GatewayOptions> = {},
): Promise<TestGateway> {
  const rotator = new ProxyRotator({
    ...(proxies === undefined ? { direct: true } : { proxies }),
    strategy: 'round-robin',
    retryPolicy: { baseDelay: 100, maxBackoffDelay: 1000 },
    circuitBreaker: { failures: 1000 },
    budget: null,
    ...rotatorOptions,
  });
  const gateway = new Gateway({ rotator, port: 0, ...options });
  const events: GatewayEvent[] = [];
  gateway.onEvent((event) => events.push(event));
  const { port } = await gateway.listen();
  onTestFinished(() => gateway.close({ within: 0 }));
  return { gateway, rotator, port, url: gateway.url, events };
}

/** Starts something that ends with the test. */
export async function start<T extends { close(): Promise<void> }>(starting: Promise<T>): Promise<T> {
  const thing = await starting;
  onTestFinished(() => thing.close());
  return thing;
}
