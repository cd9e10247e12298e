import type { Duration } from 'mulligan';
import { Gateway, type GatewayEvent } from '../../packages/proxy/src/gateway/index.ts';
import { ProxyRotator } from '../../packages/proxy/src/rotator/index.ts';
import { createCertificates } from './certificates.ts';
import {
  connectionFaults,
  type FaultName,
  type FaultyProxy,
  faults,
  startFaultyProxy,
  tunnelFaults,
} from './faulty-proxy.ts';
import { startOrigin, type TestOrigin } from './origin.ts';
import { startWorkingProxy, type WorkingProxy } from './working-proxy.ts';

const names = (table: object): FaultName[] => Object.keys(table) as FaultName[];

/** Faults that show before a tunnel is granted, and to plain requests. */
export const earlyFaults: readonly FaultName[] = ['refuses connections', ...names(faults), ...names(connectionFaults)];

/** Faults that only show after a tunnel was granted. */
export const lateFaults: readonly FaultName[] = names(tunnelFaults);

/** All of them. */
export const allFaults: readonly FaultName[] = [...earlyFaults, ...lateFaults];

/** Of plain requests, these are the answer: the policy does not retry them. */
export const answers: ReadonlySet<FaultName> = new Set(['answers 403', 'answers 429', 'answers 500', 'redirects']);

/** A gateway over one working proxy and one that has a fault, which take turns; and something to reach. */
export interface Matrix {
  readonly gateway: Gateway;
  readonly port: number;
  readonly url: string;
  readonly origin: TestOrigin;
  readonly secure: TestOrigin;
  readonly working: WorkingProxy;
  readonly ca: string;
  readonly events: GatewayEvent[];
  /** Gives the other proxy this fault. */
  use(fault: FaultName): Promise<FaultyProxy>;
  close(): Promise<void>;
}

function gatewayOver(url: string, timeout: Duration | undefined) {
  const rotator = new ProxyRotator({
    proxies: [{ url, id: 'working' }],
    strategy: 'round-robin',
    retryPolicy: {
      maxAttempts: 10,
      multiplier: 1.1,
      baseDelay: 100,
      maxBackoffDelay: 1000,
      ...(timeout === undefined ? {} : { timeout }),
    },
    circuitBreaker: { failures: 1_000_000 },
    budget: null,
    rest: 1,
  });
  // Long enough for the working proxy on a busy machine, which is asked by some dozens at the same time.
  const long = 1000;
  const timers = { connect: long, tls: long, head: long, response: long, glance: '10s' } as const;
  const gateway = new Gateway({ rotator, port: 0, timers });
  return { gateway, rotator };
}

/** Starts a matrix. Its waits are short: a fault that hangs costs little, and is found out all the same. */
export async function startMatrix(timeout?: Duration): Promise<Matrix> {
  const { ca, ...certificates } = createCertificates(['localhost', '127.0.0.1'], Date.now());
  // A connection for each request: every request is tried through the proxies.
  const respond: Parameters<typeof startOrigin>[0] = {
    respond(_, reply) {
      reply.setHeader('Access-Control-Allow-Origin', '*');
      reply.shouldKeepAlive = false;
      reply.end('hello ');
    },
  };
  const [origin, secure, working] = await Promise.all([
    startOrigin(respond),
    startOrigin({ ...respond, certificates }),
    startWorkingProxy(),
  ]);
  const { gateway, rotator } = gatewayOver(working.url, timeout);
  const events: GatewayEvent[] = [];
  gateway.onEvent((event) => events.push(event));
  const { port } = await gateway.listen();
  let faulty: FaultyProxy | undefined;
  const leave = async (): Promise<void> => {
    if (faulty === undefined) return;
    rotator.pool.remove('faulty');
    await faulty.close();
  };
  return {
    gateway,
    port,
    url: gateway.url,
    origin,
    secure,
    working,
    ca,
    events,
    async use(fault) {
      await leave();
      faulty = await startFaultyProxy(fault);
      rotator.addProxy({ url: faulty.url, id: 'faulty' });
      return faulty;
    },
    async close() {
      await gateway.close({ within: 0 });
      await leave();
      await Promise.all([origin.close(), secure.close(), working.close(), rotator.close()]);
    },
  };
}

/** How often each answer came. */
export function tally(lines: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const line of lines) counts[line] = (counts[line] ?? 0) + 1;
  return counts;
}

/** So many URLs. */
export function urls(base: string, count: number): string[] {
  return Array.from({ length: count }, (_, i) => `${base}/${i}`);
}
