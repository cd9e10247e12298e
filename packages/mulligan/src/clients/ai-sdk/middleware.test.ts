import { createOpenAICompatible } from '@ai-sdk/openai-compatible';
import { embed, generateText, streamText, wrapEmbeddingModel, wrapLanguageModel } from 'ai';
import { type Answer, withFaultServer } from 'mulligan/testing/conformance';
import { expect, test } from 'vitest';
import { systemWorld, type World } from '../../kernel/index.ts';
import { constant } from '../../retry/index.ts';
import { retryEmbeddingModel, retryLanguageModel } from './middleware.ts';

const retry = { attempts: 3, backoff: constant(1) };

const modelAt = (url: string, world: World = systemWorld) =>
  wrapLanguageModel({
    model: createOpenAICompatible({ name: 'n', baseURL: url.replace(/\/$/u, '') })('m'),
    middleware: retryLanguageModel({ retry: { ...retry, world }, idleTimeout: '20s' }),
  });

const delta = (content: string): object => ({ id: '1', choices: [{ index: 0, delta: { content } }] });
const stop = { id: '1', choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] };
const overloaded = { error: { message: 'overloaded', type: 'server_error' } };

/** A stream of events; `'reset'` breaks the connection, `'silence'` leaves it open. */
const events =
  (...items: readonly unknown[]): Answer =>
  (response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' }).flushHeaders();
    const send = (at: number): void => {
      const item = items[at];
      if (item === 'reset') response.socket?.resetAndDestroy();
      else if (at === items.length) response.end('data: [DONE]\n\n');
      else if (item !== 'silence')
        response.write(`data: ${JSON.stringify(item)}\n\n`, () => setImmediate(send, at + 1));
    };
    send(0);
  };
const busy: Answer = (response) => void response.writeHead(503).end('{}');
const inTurn =
  (...answers: readonly Answer[]): Answer =>
  (response, request, n) =>
    answers[Math.min(n, answers.length) - 1]!(response, request, n);

/** The real world, but for time limits of this length: they expire when the test says so. */
function worldWithLimit(limitMs: number): { readonly world: World; readonly expire: () => void } {
  const callbacks = new Set<() => void>();
  const setTimer: World['setTimer'] = (callback, delayMs) => {
    if (delayMs !== limitMs) return systemWorld.setTimer(callback, delayMs);
    callbacks.add(callback);
    return { cancel: () => void callbacks.delete(callback), unref: () => {}, ref: () => {} };
  };
  const expire = (): void => {
    for (const callback of callbacks) callback();
  };
  return { world: { ...systemWorld, setTimer }, expire };
}

async function read(url: string): Promise<{ text: string; error: unknown }> {
  let text = '';
  let error: unknown;
  try {
    for await (const part of streamText({ model: modelAt(url), prompt: 'x', onError: () => {} }).fullStream) {
      if (part.type === 'text-delta') text += part.text;
      if (part.type === 'error') error ??= part.error;
    }
  } catch (thrown) {
    error = thrown;
  }
  return { text, error };
}

test('a call survives two bad answers', async () => {
  const good: Answer = (response) =>
    void response.writeHead(200, { 'content-type': 'application/json' }).end(
      JSON.stringify({
        choices: [{ index: 0, finish_reason: 'stop', message: { role: 'assistant', content: 'blue' } }],
      }),
    );
  await withFaultServer(inTurn(busy, busy, good), async ({ url, requests }) => {
    expect((await generateText({ model: modelAt(url), prompt: 'x' })).text).toBe('blue');
    expect(requests).toHaveLength(3);
  });
});

test('the AI SDK does not begin again once a call has been given up, by a status or by an error within a stream', async () => {
  await withFaultServer(busy, async ({ url, requests }) => {
    await expect(generateText({ model: modelAt(url), prompt: 'x' })).rejects.toMatchObject({ statusCode: 503 });
    expect(requests).toHaveLength(3);
  });
  await withFaultServer(events(overloaded), async ({ url, requests }) => {
    expect((await read(url)).error).toMatchObject({ code: 'MULLIGAN_GENERATION', status: 500 });
    expect(requests).toHaveLength(3);
  });
});

test('embeddings survive a bad answer', async () => {
  const good: Answer = (response) =>
    void response
      .writeHead(200, { 'content-type': 'application/json' })
      .end(JSON.stringify({ data: [{ embedding: [1, 2] }], usage: { prompt_tokens: 1 } }));
  await withFaultServer(inTurn(busy, good), async ({ url, requests }) => {
    const plain = createOpenAICompatible({ name: 'n', baseURL: url.replace(/\/$/u, '') }).embeddingModel('m');
    const model = wrapEmbeddingModel({ model: plain, middleware: retryEmbeddingModel({ retry }) });
    expect((await embed({ model, value: 'x' })).embedding).toEqual([1, 2]);
    expect(requests).toHaveLength(2);
  });
});

test.each([
  ['a status', busy],
  ['a reset', events('reset')],
  ['an error within the stream', events(overloaded)],
])('a stream is started again after %s before its first token', async (_, answer) => {
  await withFaultServer(inTurn(answer, events(delta('a'), delta('b'), stop)), async ({ url, requests }) => {
    expect(await read(url)).toEqual({ text: 'ab', error: undefined });
    expect(requests).toHaveLength(2);
  });
});

test.each([
  ['a reset', events(delta('a'), 'reset')],
  ['an error within the stream', events(delta('a'), overloaded, stop)],
])('a stream is never started again after its first token: %s', async (_, answer) => {
  await withFaultServer(answer, async ({ url, requests }) => {
    const { text, error } = await read(url);
    expect([text, requests.length]).toEqual(['a', 1]);
    expect(error).toBeDefined();
  });
});

test('a stream that falls silent is started again before its first token, and never after it', async () => {
  const { world, expire } = worldWithLimit(20_000);
  const silence: Answer = (response, request, n) => {
    events('silence')(response, request, n);
    expire();
  };
  await withFaultServer(inTurn(silence, events(delta('a'), 'silence')), async ({ url, requests }) => {
    const { textStream } = streamText({ model: modelAt(url, world), prompt: 'x', onError: () => {} });
    const reading = (async () => {
      for await (const text of textStream) {
        expect(text).toBe('a');
        setImmediate(expire);
      }
    })();
    await expect(reading).rejects.toMatchObject({ code: 'MULLIGAN_TIMEOUT' });
    expect(requests).toHaveLength(2);
  });
});

test('a caller ends a call at once, and a stream at any time', async () => {
  let closed = 0;
  const watched: Answer = (response, request, n) => {
    response.on('close', () => closed++);
    events(delta('a'), 'silence')(response, request, n);
  };
  await withFaultServer(watched, async ({ url, requests }) => {
    const controller = new AbortController();
    const { textStream } = streamText({ model: modelAt(url), prompt: 'x', abortSignal: controller.signal });
    for await (const text of textStream) {
      expect(text).toBe('a');
      controller.abort();
    }
    await expect.poll(() => closed, { timeout: 10_000 }).toBe(1);
    expect(requests).toHaveLength(1);
  });
});

test('whoever leaves a stream ends its request', async () => {
  let closed = 0;
  const watched: Answer = (response, request, n) => {
    response.on('close', () => closed++);
    events(delta('a'), 'silence')(response, request, n);
  };
  await withFaultServer(watched, async ({ url }) => {
    const prompt = [{ role: 'user' as const, content: [{ type: 'text' as const, text: 'x' }] }];
    const { stream } = await modelAt(url).doStream({ prompt });
    await stream.cancel();
    await expect.poll(() => closed, { timeout: 10_000 }).toBe(1);
  });
});

test('mistakes are answered in sentences', () => {
  expect(() => retryLanguageModel({ idletimeout: 1 } as never)).toThrow("did you mean 'idleTimeout'?");
  expect(() => retryEmbeddingModel({ retry: { attempts: 0 } })).toThrow('attempts must be');
});
