import { type Answer, withFaultServer } from 'mulligan/testing/conformance';
import { describe, expect, test } from 'vitest';
import { categorize, isTransient, systemWorld, type World } from '../../kernel/index.ts';
import { constant, ledgerOf } from '../../retry/index.ts';
import { virtualWorld } from '../../testing/index.ts';
import { GenerationError, StreamInterruptedError } from './error.ts';
import { createGenerator } from './generator.ts';
import { huggingFace } from './hugging-face.ts';
import { openAICompatible } from './openai-compatible.ts';
import type { Generator, GeneratorOptions } from './options.ts';

const retry = { attempts: 3, backoff: constant(1) };

/** Runs the work with a generator over a server that answers as told. */
const withOpenAI = (
  answer: Answer,
  work: (generator: Generator, requests: readonly { readonly body: string }[]) => Promise<void>,
  options: Partial<GeneratorOptions> = {},
): Promise<void> =>
  withFaultServer(answer, ({ url, requests }) =>
    work(
      createGenerator({ source: openAICompatible({ baseUrl: url, model: 'm', apiKey: 'k' }), retry, ...options }),
      requests,
    ),
  );

const withTgi = (
  answer: Answer,
  work: (generator: Generator, requests: readonly { readonly body: string }[]) => Promise<void>,
): Promise<void> =>
  withFaultServer(answer, ({ url, requests }) =>
    work(createGenerator({ source: huggingFace({ endpointUrl: url, accessToken: 'k' }), retry }), requests),
  );

const json =
  (status: number, body: unknown, headers: Record<string, string> = {}): Answer =>
  (response) =>
    void response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));

/** Sends events; `'reset'` breaks the connection, `'silence'` leaves it open. */
const events =
  (...items: readonly unknown[]): Answer =>
  (response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    const send = (at: number): void => {
      const item = items[at];
      if (item === 'reset') response.socket?.resetAndDestroy();
      else if (at === items.length) response.end();
      else if (item !== 'silence') {
        response.write(`data: ${item === '[DONE]' ? item : JSON.stringify(item)}\n\n`, () =>
          setImmediate(send, at + 1),
        );
      }
    };
    // What has no event is told at once, too.
    response.flushHeaders();
    send(0);
  };

const inTurn =
  (...answers: readonly Answer[]): Answer =>
  (response, request, n) =>
    answers[Math.min(n, answers.length) - 1]!(response, request, n);

const delta = (content: string): object => ({ choices: [{ delta: { content } }] });
const stop = { choices: [{ delta: {}, finish_reason: 'stop' }] };
const role = { choices: [{ delta: { role: 'assistant', content: '' } }] };
const completion = { choices: [{ finish_reason: 'stop', message: { content: 'blue' } }] };
const busy = json(503, { error: { message: 'busy' } });

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

async function collect(stream: AsyncIterable<string>): Promise<{ pieces: string[]; error: unknown }> {
  const pieces: string[] = [];
  try {
    for await (const piece of stream) pieces.push(piece);
    return { pieces, error: undefined };
  } catch (error) {
    return { pieces, error };
  }
}

describe('generate', () => {
  test('asks an endpoint like OpenAI’s, and again when it is busy', async () => {
    await withOpenAI(
      inTurn(busy, json(200, { error: { message: 'in-band', type: 'server_error' } }), json(200, completion)),
      async (generator, requests) => {
        const generation = await generator.generate('Which colour?', {
          maxNewTokens: 5,
          stop: ['.'],
          extra: { seed: 1 },
        });
        expect(generation).toEqual({ text: 'blue', finishReason: 'stop', raw: completion });
        expect(requests).toHaveLength(3);
        expect(JSON.parse(requests[2]!.body)).toEqual({
          model: 'm',
          messages: [{ role: 'user', content: 'Which colour?' }],
          max_tokens: 5,
          stop: ['.'],
          seed: 1,
        });
      },
    );
  });

  test('gives each prompt its own attempts', async () => {
    await withOpenAI(
      inTurn(busy, busy, json(200, completion), busy, busy, json(200, completion)),
      async (generator, requests) => {
        const generations = await generator.generateAll(['a', [{ role: 'user', content: 'b' }]]);
        expect(generations.map(({ text }) => text)).toEqual(['blue', 'blue']);
        expect(requests).toHaveLength(6);
      },
    );
  });

  test('gives up with what the endpoint said, and its ledger', async () => {
    await withOpenAI(json(503, { error: { message: 'too busy', type: 'overloaded' } }), async (generator, requests) => {
      const error = await generator.generate('x').catch((error: unknown) => error);
      expect(error).toBeInstanceOf(GenerationError);
      expect(error).toMatchObject({
        message: 'm: too busy',
        status: 503,
        type: 'overloaded',
        code: 'MULLIGAN_GENERATION',
      });
      expect(ledgerOf(error)?.attempts).toBe(3);
      expect(requests).toHaveLength(3);
    });
  });

  test.each([
    ['a wrong request', json(400, { error: { message: 'no', type: 'invalid_request_error' } }), 400],
    ['a wrong key', json(401, { error: 'who are you' }), 401],
    ['an empty account', json(429, { error: { code: 'insufficient_quota', message: 'pay' } }), 429],
    [
      'a wrong request within a good answer',
      json(200, { error: { message: 'no', type: 'invalid_request_error' } }),
      400,
    ],
  ])('asks once after %s', async (_, answer, status) => {
    await withOpenAI(answer, async (generator, requests) => {
      await expect(generator.generate('x')).rejects.toMatchObject({ status });
      expect(requests).toHaveLength(1);
    });
  });

  test('takes an answer that is no JSON for a bad gateway', async () => {
    const page: Answer = (response) => void response.writeHead(200).end('<html>');
    await withOpenAI(page, async (generator) => {
      await expect(generator.generate('x')).rejects.toMatchObject({
        status: 502,
        message: expect.stringContaining('no JSON'),
      });
    });
  });

  test('asks an endpoint of Hugging Face with the defaults of the seed', async () => {
    await withTgi(json(200, [{ generated_text: ' blue' }]), async (generator, requests) => {
      expect((await generator.generate('The sky is', { temperature: 0.5 })).text).toBe(' blue');
      expect(JSON.parse(requests[0]!.body)).toEqual({
        inputs: 'The sky is',
        parameters: {
          max_new_tokens: 128,
          do_sample: true,
          temperature: 0.5,
          top_k: 50,
          top_p: 0.95,
          return_full_text: false,
        },
      });
    });
    await withTgi(json(200, []), async (generator) => {
      expect((await generator.generate('x')).text).toBe('');
    });
  });

  test('waits while Hugging Face loads a model, as long as it says', async () => {
    const world = virtualWorld();
    let requests = 0;
    const fetch = async (): Promise<Response> =>
      ++requests === 1
        ? Response.json({ error: 'Model gpt2 is currently loading', estimated_time: 20 }, { status: 503 })
        : Response.json([{ generated_text: 'ok' }]);
    const generator = createGenerator({ source: huggingFace({ model: 'gpt2', fetch }), retry: { ...retry, world } });
    const startMs = world.now();
    expect((await world.run(generator.generate('x'))).text).toBe('ok');
    expect(world.now() - startMs).toBe(20_000);
  });

  test('ends with its caller', async () => {
    const controller = new AbortController();
    const hang: Answer = () => controller.abort(new Error('enough'));
    await withOpenAI(hang, async (generator, requests) => {
      await expect(generator.generate('x', { signal: controller.signal })).rejects.toThrow('enough');
      expect(requests).toHaveLength(1);
    });
  });
});

describe('stream', () => {
  test('tells the pieces as they come', async () => {
    await withOpenAI(events(role, delta('a'), delta('b'), stop, '[DONE]'), async (generator) => {
      expect(await collect(generator.stream('x'))).toEqual({ pieces: ['a', 'b'], error: undefined });
    });
  });

  test.each([
    ['a status', busy],
    ['a reset', events(role, 'reset')],
    ['an error within the stream', events(role, { error: { message: 'overloaded', type: 'overloaded_error' } })],
    ['an end that comes too early', events(role)],
  ])('is started again after %s before the first token', async (_, answer) => {
    await withOpenAI(inTurn(answer, answer, events(delta('a'), stop)), async (generator, requests) => {
      expect(await collect(generator.stream('x'))).toEqual({ pieces: ['a'], error: undefined });
      expect(requests).toHaveLength(3);
    });
  });

  test.each([
    ['a reset', events(role, delta('a'), delta('b'), 'reset'), 'TypeError'],
    [
      'an error within the stream',
      events(delta('a'), delta('b'), { error: { message: 'overloaded' } }),
      'GenerationError',
    ],
    ['an end that comes too early', events(delta('a'), delta('b')), 'GenerationError'],
  ])('is never started again after its first token: %s', async (_, answer, cause) => {
    await withOpenAI(answer, async (generator, requests) => {
      const { pieces, error } = await collect(generator.stream('x'));
      expect(pieces).toEqual(['a', 'b']);
      expect(error).toBeInstanceOf(StreamInterruptedError);
      expect(error).toMatchObject({ text: 'ab', cause: { name: cause } });
      expect([categorize(error), isTransient(error)]).toEqual(['reset', false]);
      expect(requests).toHaveLength(1);
    });
  });

  test('that falls silent is started again before its first token', async () => {
    const { world, expire } = worldWithLimit(20_000);
    const silence: Answer = (response, request, n) => {
      events(role, 'silence')(response, request, n);
      expire();
    };
    await withOpenAI(
      inTurn(silence, events(delta('a'), stop)),
      async (generator, requests) => {
        expect(await collect(generator.stream('x'))).toEqual({ pieces: ['a'], error: undefined });
        expect(requests).toHaveLength(2);
      },
      { idleTimeout: '20s', retry: { ...retry, world } },
    );
  });

  test('that falls silent is given up after its first token', async () => {
    const { world, expire } = worldWithLimit(20_000);
    await withOpenAI(
      events(delta('a'), 'silence'),
      async (generator, requests) => {
        const stream = generator.stream('x');
        expect((await stream.next()).value).toBe('a');
        const next = stream.next();
        setImmediate(expire);
        await expect(next).rejects.toMatchObject({ text: 'a', cause: { code: 'MULLIGAN_TIMEOUT', timeoutMs: 20_000 } });
        expect(requests).toHaveLength(1);
      },
      { idleTimeout: '20s', retry: { ...retry, world } },
    );
  });

  test('ends the connection when nobody reads on, and with its caller', async () => {
    let closed = 0;
    const watched: Answer = (response, request, n) => {
      response.on('close', () => closed++);
      events(delta('a'), 'silence')(response, request, n);
    };
    await withOpenAI(watched, async (generator) => {
      for await (const piece of generator.stream('x')) {
        expect(piece).toBe('a');
        break;
      }
      await expect.poll(() => closed, { timeout: 10_000 }).toBe(1);
      const controller = new AbortController();
      const stream = generator.stream('x', { signal: controller.signal });
      await stream.next();
      controller.abort(new Error('enough'));
      await expect(stream.next()).rejects.toThrow('enough');
      await expect.poll(() => closed, { timeout: 10_000 }).toBe(2);
    });
  });

  test('takes an answer that is no stream', async () => {
    await withOpenAI(json(200, completion), async (generator) => {
      expect(await collect(generator.stream('x'))).toEqual({ pieces: ['blue'], error: undefined });
    });
  });

  test('of Hugging Face leaves out special tokens and sees errors', async () => {
    const token = (text: string, special = false): object => ({ token: { text, special }, generated_text: null });
    const last = { token: { text: '</s>', special: true }, generated_text: 'ab' };
    await withTgi(
      inTurn(events({ error: 'overloaded', error_type: 'overloaded' }), events(token('a'), token('b'), last)),
      async (generator, requests) => {
        expect((await collect(generator.stream('x'))).pieces).toEqual(['a', 'b']);
        expect(requests).toHaveLength(2);
      },
    );
    await withTgi(json(200, [{ generated_text: 'whole' }]), async (generator) => {
      expect((await collect(generator.stream('x'))).pieces).toEqual(['whole']);
    });
  });
});

describe('a local function', () => {
  test('is an operation, in the words of transformers.js', async () => {
    const calls: unknown[] = [];
    const pipeline = async (
      prompt: string,
      { signal, ...options }: { signal: AbortSignal; max_new_tokens?: number },
    ) => {
      signal.throwIfAborted();
      calls.push([prompt, options]);
      if (calls.length < 3) throw Object.assign(new Error('busy'), { code: 'ECONNRESET' });
      return [{ generated_text: `${prompt} blue` }];
    };
    const generator = createGenerator({ source: pipeline, retry, defaults: { maxNewTokens: 7 } });
    expect((await generator.generate('The sky is')).text).toBe('The sky is blue');
    expect(calls[2]).toEqual(['The sky is', { max_new_tokens: 7 }]);
    expect((await collect(generator.stream('The sea is'))).pieces).toEqual(['The sea is blue']);
  });

  test.each([
    ['a text', 'a text'],
    [{ text: 'a text' }, 'a text'],
    [[{ generated_text: [{ role: 'user' }, { role: 'assistant', content: 'a text' }] }], 'a text'],
    [undefined, ''],
    [[{}], ''],
  ])('may give %j', async (output, text) => {
    expect((await createGenerator({ source: () => output }).generate('x')).text).toBe(text);
  });
});

test('mistakes are answered in sentences', () => {
  expect(() => createGenerator({ source: 'gpt2' as never })).toThrow(
    'source must be a source such as openAICompatible',
  );
  expect(() => createGenerator({ source: () => '', retri: 1 } as never)).toThrow("did you mean 'retry'?");
  expect(() => openAICompatible({ model: 'm', baseURL: 'x' } as never)).toThrow("did you mean 'baseUrl'?");
  expect(() => openAICompatible({ baseUrl: 'x' } as never)).toThrow('model must be the name of a model');
  expect(() => huggingFace({})).toThrow('huggingFace needs a model');
});

test('nothing stays behind on a signal that outlives its streams', async () => {
  const controller = new AbortController();
  const { signal } = controller;
  let listeners = 0;
  const add = signal.addEventListener.bind(signal);
  const remove = signal.removeEventListener.bind(signal);
  Object.assign(signal, {
    addEventListener: (...args: Parameters<typeof add>) => {
      listeners++;
      add(...args);
    },
    removeEventListener: (...args: Parameters<typeof remove>) => {
      listeners--;
      remove(...args);
    },
  });
  const fetch = async (): Promise<Response> =>
    new Response(`data: ${JSON.stringify(delta('a'))}\n\ndata: [DONE]\n\n`, {
      headers: { 'content-type': 'text/event-stream' },
    });
  const generator = createGenerator({ source: openAICompatible({ model: 'm', fetch }), retry });
  expect((await collect(generator.stream('x', { signal }))).pieces).toEqual(['a']);
  const left = generator.stream('x', { signal });
  await left.next();
  expect(listeners).toBeGreaterThan(0);
  await left.return();
  expect(listeners).toBe(0);
});
