import {
  type Attributes,
  context as activeContext,
  type Meter,
  metrics,
  type Span,
  SpanKind,
  SpanStatusCode,
  trace,
  type Tracer,
} from '@opentelemetry/api';
import {
  type Context,
  definePolicy,
  type EventListener,
  type MulliganEvent,
  type Next,
  onEvent,
  type Policy,
  type Subscription,
} from '../kernel/index.ts';
import { errorType } from './error-type.ts';

const library = 'mulligan';

/** Options of {@link tracing}. */
export interface TracingOptions {
  /** Default: the tracer `mulligan` of the global provider. */
  readonly tracer?: Tracer;
  /** Attributes of every span. */
  readonly attributes?: Attributes;
}

/**
 * One client span for each attempt, named after the call. Put it innermost, inside `retry`, so that each attempt is a
 * span of its own; from the second on it carries `http.request.resend_count` (OpenTelemetry's convention) and
 * `mulligan.attempt.number`.
 *
 * @example
 * pipeline(retry(), tracing()).execute((attempt) => fetch(url, { signal: attempt.signal }));
 */
export function tracing(options: TracingOptions = {}): Policy {
  const { tracer = trace.getTracer(library), attributes = {} } = options;
  return definePolicy((next, context) => traced(tracer, attributes, next, context), { kind: 'tracing' });
}

function traced<T>(tracer: Tracer, attributes: Attributes, next: Next<T>, context: Context): Promise<T> {
  const resend = context.number > 1 ? { 'http.request.resend_count': context.number - 1 } : {};
  const own = { 'mulligan.attempt.number': context.number, ...resend, ...attributes };
  const span = tracer.startSpan(context.name, { kind: SpanKind.CLIENT, attributes: own });
  return activeContext.with(trace.setSpan(activeContext.active(), span), () => underSpan(span, next, context));
}

async function underSpan<T>(span: Span, next: Next<T>, context: Context): Promise<T> {
  try {
    return await next(context);
  } catch (error) {
    span.setAttribute('error.type', errorType(error));
    if (error instanceof Error) span.recordException(error);
    span.setStatus({ code: SpanStatusCode.ERROR });
    throw error;
  } finally {
    span.end();
  }
}

/**
 * A listener that keeps OpenTelemetry metrics. Times are in seconds; attributes are the call's name and `error.type`.
 *
 * `mulligan.call.duration`, `mulligan.call.retries` (only calls that had some), `mulligan.call.retry_delay`,
 * `mulligan.circuit_breaker.transitions`, `mulligan.circuit_breaker.rejections`, `mulligan.timeout.expirations`, and for
 * everything else `mulligan.events` with `mulligan.event.type`.
 */
export function otelListener(meter: Meter = metrics.getMeter(library)): EventListener {
  const duration = meter.createHistogram('mulligan.call.duration', {
    unit: 's',
    description: 'Time of a call, waits included',
  });
  const retries = meter.createHistogram('mulligan.call.retries', {
    unit: '{retry}',
    description: 'Retries of a call that had some',
  });
  const delay = meter.createHistogram('mulligan.call.retry_delay', {
    unit: 's',
    description: 'All waits of a call that had some',
  });
  const transitions = meter.createCounter('mulligan.circuit_breaker.transitions', { unit: '{transition}' });
  const rejections = meter.createCounter('mulligan.circuit_breaker.rejections', { unit: '{call}' });
  const timeouts = meter.createCounter('mulligan.timeout.expirations', { unit: '{timeout}' });
  const others = meter.createCounter('mulligan.events', { unit: '{event}' });

  const endCall = (event: Extract<MulliganEvent, { type: 'call.succeeded' | 'call.failed' }>): void => {
    const failed = event.type === 'call.failed' ? { 'error.type': errorType(event.error) } : {};
    const attributes = { 'mulligan.operation': event.name, ...failed };
    duration.record(event.durationMs / 1000, attributes);
    if (event.attempts === 1) return;
    retries.record(event.attempts - 1, attributes);
    delay.record(event.waitedMs / 1000, attributes);
  };

  return (event) => {
    const named = { 'mulligan.policy.name': event.name };
    if (event.type === 'call.succeeded' || event.type === 'call.failed') endCall(event);
    else if (event.type === 'breaker.transition') {
      transitions.add(1, {
        ...named,
        'mulligan.circuit_breaker.from': event.from,
        'mulligan.circuit_breaker.to': event.to,
      });
    } else if (event.type === 'breaker.rejected') rejections.add(1, named);
    else if (event.type === 'timeout.expired') timeouts.add(1, named);
    else if (event.type !== 'retry.scheduled') others.add(1, { ...named, 'mulligan.event.type': event.type });
  };
}

/** Measures everything that happens in this process, until the subscription ends. */
export function measureEvents(meter?: Meter): Subscription {
  return onEvent(otelListener(meter));
}
