import { context, SpanStatusCode, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from '@opentelemetry/sdk-metrics';
import { BasicTracerProvider, InMemorySpanExporter, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-base';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { pipeline } from '../kernel/index.ts';
import { retry } from '../retry/index.ts';
import { script, virtualWorld } from '../testing/index.ts';
import { otelListener, tracing } from './otel.ts';

beforeAll(() => void context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable()));
afterAll(() => context.disable());

test('each attempt is a client span, and each resent one says which resend it is', async () => {
  const exporter = new InMemorySpanExporter();
  const provider = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] });
  const tracer = provider.getTracer('test');
  const policy = pipeline(
    retry({ on: Error, backoff: () => 0 }),
    tracing({ tracer, attributes: { 'peer.service': 'users' } }),
  );
  const reset = Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' });
  await tracer.startActiveSpan('parent', async (parent) => {
    await policy.execute(script([reset, 'ok']), { name: 'load' });
    parent.end();
  });
  const [first, second, parent] = exporter.getFinishedSpans();
  expect(first?.name).toBe('load');
  expect(first?.attributes).toEqual({
    'mulligan.attempt.number': 1,
    'peer.service': 'users',
    'error.type': 'ECONNRESET',
  });
  expect(first?.status.code).toBe(SpanStatusCode.ERROR);
  expect(second?.attributes).toMatchObject({ 'mulligan.attempt.number': 2, 'http.request.resend_count': 1 });
  expect(second?.status.code).toBe(SpanStatusCode.UNSET);
  expect(first?.parentSpanContext?.spanId).toBe(parent?.spanContext().spanId);
});

test('what an attempt starts is below the span of that attempt', async () => {
  const exporter = new InMemorySpanExporter();
  const tracer = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] }).getTracer('test');
  let active: string | undefined;
  await tracing({ tracer }).execute(async () => {
    await Promise.resolve();
    active = trace.getActiveSpan()?.spanContext().spanId;
  });
  expect(active).toBe(exporter.getFinishedSpans()[0]?.spanContext().spanId);
});

test('metrics are in seconds and leave retried errors out of the call', async () => {
  const exporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
  const reader = new PeriodicExportingMetricReader({ exporter });
  const provider = new MeterProvider({ readers: [reader] });
  const world = virtualWorld();
  const onEvent = otelListener(provider.getMeter('test'));
  await world.run(
    retry(script([new Error('no'), 'ok']), { name: 'load', on: Error, world, backoff: () => 2500, onEvent }),
  );
  await provider.forceFlush();
  const metrics = exporter.getMetrics().flatMap(({ scopeMetrics }) => scopeMetrics.flatMap(({ metrics: own }) => own));
  await provider.shutdown();
  const points = Object.fromEntries(metrics.map(({ descriptor, dataPoints }) => [descriptor.name, dataPoints]));
  expect(points['mulligan.call.duration']?.[0]).toMatchObject({
    attributes: { 'mulligan.operation': 'load' },
    value: { sum: 2.5, count: 1 },
  });
  expect(points['mulligan.call.retries']?.[0]?.value).toMatchObject({ sum: 1 });
  expect(points['mulligan.call.retry_delay']?.[0]?.value).toMatchObject({ sum: 2.5 });
});
