import { createRequire } from 'node:module';
import { join } from 'node:path';
import { type EventListener, onEvent, type Subscription } from '../kernel/index.ts';
import { type Logger, logListener } from './log.ts';

/**
 * Uses what the application has installed, as stamina does: Prometheus metrics where `prom-client` is, OpenTelemetry
 * metrics where `@opentelemetry/api` is, and a line for each retry through `pino`, else `consola`, else the console.
 *
 * Only in Node, and only for those who import it: looking for packages at run time and bundlers do not go together.
 */
export async function instrument(): Promise<Subscription> {
  const find = finderIn(process.cwd());
  const listeners: EventListener[] = [logListener(findLogger(find))];
  if (find('prom-client') !== undefined) listeners.push((await import('./prometheus.ts')).prometheusListener());
  if (find('@opentelemetry/api') !== undefined) listeners.push((await import('./otel.ts')).otelListener());
  const subscriptions = listeners.map((listener) => onEvent(listener));
  const leave = (): void => {
    for (const subscription of subscriptions) subscription();
  };
  return Object.assign(leave, { [Symbol.dispose]: leave });
}

type Find = (name: string) => unknown;

/** Loads a package as a module in that folder would, or gives `undefined` where it is not installed. */
function finderIn(folder: string): Find {
  const require = createRequire(join(folder, 'application.js'));
  return (name) => {
    try {
      return require(name) as unknown;
    } catch (error) {
      if ((error as { code?: unknown }).code === 'MODULE_NOT_FOUND') return undefined;
      throw error;
    }
  };
}

function findLogger(find: Find): Logger {
  const pino = find('pino') as (() => Logger) | undefined;
  if (pino !== undefined) return pino();
  const consola = find('consola') as { readonly consola: Logger } | undefined;
  return consola?.consola ?? console;
}
