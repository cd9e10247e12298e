import Anthropic from '@anthropic-ai/sdk';
import { createOpenAICompatible } from '@ai-sdk/openai-compatible';
import { InferenceClient } from '@huggingface/inference';
import { ChatOpenAI } from '@langchain/openai';
import { QdrantClient } from '@qdrant/js-client-rest';
import { embed, generateText, streamText, wrapEmbeddingModel, wrapLanguageModel } from 'ai';
import { constant, ledgerOf, retry } from 'mulligan';
import {
  clientErrors,
  createGenerator,
  createModelFetch,
  huggingFace,
  noRetries,
  openAICompatible,
  safeMethods,
  wrapClient,
} from 'mulligan/clients';
import { retryEmbeddingModel, retryLanguageModel } from 'mulligan/clients/ai-sdk';
import { QdrantVectorStore } from 'mulligan/clients/qdrant';
import { type Answer, withFaultServer } from 'mulligan/testing/conformance';
import OpenAI from 'openai';
import { describe, expect, it } from 'vitest';
import { LetterEmbeddings } from './support/clients/letters.ts';

const options = { attempts: 4, backoff: constant(1) };
const policy = retry({ ...options, on: clientErrors() });
const fetch = createModelFetch({ retry: options, budget: false });
const messages = [{ role: 'user', content: 'hi' }] as const;
const ask = { model: 'm', messages: [...messages] };
const askAnthropic = { ...ask, max_tokens: 9 };
const plainModel = (baseURL: string) => createOpenAICompatible({ name: 'n', baseURL })('m');

/** One call of each client, in each way of ours to make it resilient. */
const calls: Record<string, (url: string) => unknown> = {
  'OpenAI with our fetch': (baseURL) =>
    new OpenAI({ ...noRetries.openai, baseURL, apiKey: 'k', fetch }).chat.completions.create(ask),
  'OpenAI in wrapClient': (baseURL) =>
    wrapClient(new OpenAI({ baseURL, apiKey: 'k' }), policy, { methods: safeMethods.openai }).chat.completions.create(
      ask,
    ),
  'OpenAI in wrapClient, with the response': (baseURL) =>
    wrapClient(new OpenAI({ baseURL, apiKey: 'k' }), policy, { methods: safeMethods.openai })
      .models.list()
      .withResponse(),
  'Anthropic with our fetch': (baseURL) =>
    new Anthropic({ ...noRetries.anthropic, baseURL, apiKey: 'k', fetch }).messages.create(askAnthropic),
  'Anthropic in wrapClient': (baseURL) =>
    wrapClient(new Anthropic({ baseURL, apiKey: 'k' }), policy, { methods: safeMethods.anthropic }).messages.create(
      askAnthropic,
    ),
  'the AI SDK with our fetch': (baseURL) =>
    generateText({
      ...noRetries.aiSdk,
      model: createOpenAICompatible({ name: 'n', baseURL, fetch })('m'),
      prompt: 'hi',
    }),
  'the AI SDK with our middleware, its own retries left on': (baseURL) =>
    generateText({
      model: wrapLanguageModel({ model: plainModel(baseURL), middleware: retryLanguageModel({ retry: options }) }),
      prompt: 'hi',
    }),
  'a stream of the AI SDK with our middleware, its own retries left on': async (baseURL) => {
    const model = wrapLanguageModel({ model: plainModel(baseURL), middleware: retryLanguageModel({ retry: options }) });
    const { fullStream } = streamText({ model, prompt: 'hi', onError: () => {} });
    for await (const part of fullStream) if (part.type === 'error') throw part.error;
  },
  'embeddings of the AI SDK with our middleware, its own retries left on': (baseURL) =>
    embed({
      model: wrapEmbeddingModel({
        model: createOpenAICompatible({ name: 'n', baseURL }).embeddingModel('m'),
        middleware: retryEmbeddingModel({ retry: options }),
      }),
      value: 'hi',
    }),
  'LangChain with our fetch': (baseURL) =>
    new ChatOpenAI({ ...noRetries.langchain, model: 'm', apiKey: 'k', configuration: { baseURL, fetch } }).invoke('hi'),
  'Hugging Face with our fetch': (endpointUrl) =>
    new InferenceClient('', { ...noRetries.huggingFace, endpointUrl, fetch }).textGeneration({ inputs: 'hi' }),
  'Hugging Face in wrapClient': (endpointUrl) =>
    wrapClient(new InferenceClient('', { endpointUrl }), policy, {
      methods: safeMethods.huggingFace,
    }).textGeneration({ inputs: 'hi' }),
  'a stream of Hugging Face in wrapClient': (endpointUrl) =>
    wrapClient(new InferenceClient('', { endpointUrl }), policy, { methods: safeMethods.huggingFace })
      .textGenerationStream({ inputs: 'hi' })
      .next(),
  'Qdrant in wrapClient': (url) =>
    wrapClient(new QdrantClient({ url, checkCompatibility: false }), policy, {
      methods: safeMethods.qdrant,
    }).getCollections(),
  QdrantVectorStore: (url) =>
    new QdrantVectorStore(new LetterEmbeddings(), { url, retry: options }).similaritySearch('hi'),
  'createGenerator, OpenAI-compatible': (baseUrl) =>
    createGenerator({ source: openAICompatible({ baseUrl, model: 'm' }), retry: options }).generate('hi'),
  'createGenerator, Hugging Face': (endpointUrl) =>
    createGenerator({ source: huggingFace({ endpointUrl }), retry: options }).generate('hi'),
  'a stream of createGenerator': (baseUrl) =>
    createGenerator({ source: openAICompatible({ baseUrl, model: 'm' }), retry: options })
      .stream('hi')
      .next(),
};

const failing =
  (status: number): Answer =>
  (response) =>
    void response
      .writeHead(status, { 'content-type': 'application/json' })
      .end(JSON.stringify({ error: { message: 'no' } }));

const troubles: Record<string, Answer> = {
  'a 503': failing(503),
  'a 429': failing(429),
  'a reset': ({ socket }) => void socket?.resetAndDestroy(),
};

const requestsOf = (call: (url: string) => unknown, trouble: Answer): Promise<number> =>
  withFaultServer(trouble, async (server) => {
    await expect((async () => call(server.url.replace(/\/$/u, '')))()).rejects.toBeInstanceOf(Error);
    return server.requests.length;
  });

describe.each(Object.entries(calls))('one call: %s', (_, call) => {
  it.each(Object.entries(troubles))(
    'makes as many requests as the policy says where all end with %s',
    async (_, trouble) => {
      expect(await requestsOf(call, trouble)).toBe(4);
    },
  );
});

it('even our retries around ours make no more requests where a status ends them', async () => {
  await withFaultServer(failing(503), async ({ url, requests }) => {
    const inner = new OpenAI({ baseURL: url.replace(/\/$/u, ''), apiKey: 'k', fetch });
    const outer = wrapClient(inner, policy, { methods: safeMethods.openai });
    await expect(outer.models.list()).rejects.toMatchObject({ status: 503 });
    expect(requests).toHaveLength(4);
  });
});

it('the error of the AI SDK comes out as it is, with its ledger', async () => {
  await withFaultServer(failing(503), async ({ url }) => {
    const model = wrapLanguageModel({
      model: plainModel(url.replace(/\/$/u, '')),
      middleware: retryLanguageModel({ retry: options }),
    });
    const error = await generateText({ model, prompt: 'hi' }).catch((error: unknown) => error);
    expect(error).toMatchObject({ name: 'AI_APICallError', statusCode: 503 });
    expect(ledgerOf(error)?.attempts).toBe(4);
  });
});

it('a stream of OpenAI’s client with our fetch survives errors that come as its first event', async () => {
  const events = (data: object): Answer => {
    return (response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.end(`data: ${JSON.stringify(data)}\n\ndata: [DONE]\n\n`);
    };
  };
  const overloaded = events({ error: { message: 'busy', type: 'server_error' } });
  const good = events({ choices: [{ index: 0, delta: { content: 'blue' } }] });
  const inTurn: Answer = (response, request, n) => (n < 4 ? overloaded : good)(response, request, n);
  await withFaultServer(inTurn, async ({ url, requests }) => {
    const client = new OpenAI({ ...noRetries.openai, baseURL: url.replace(/\/$/u, ''), apiKey: 'k', fetch });
    let text = '';
    for await (const { choices } of await client.chat.completions.create({ ...ask, stream: true })) {
      text += choices[0]?.delta.content;
    }
    expect([text, requests.length]).toEqual(['blue', 4]);
  });
});

it('a list of OpenAI’s client in wrapClient can be gone through, from its first page on', async () => {
  const page: Answer = (response, _, n) => {
    const isGood = n > 2;
    response.writeHead(isGood ? 200 : 503, { 'content-type': 'application/json' });
    response.end(JSON.stringify(isGood ? { data: [{ id: 'a' }, { id: 'b' }] } : {}));
  };
  await withFaultServer(page, async ({ url, requests }) => {
    const client = new OpenAI({ baseURL: url.replace(/\/$/u, ''), apiKey: 'k' });
    const ids: string[] = [];
    for await (const { id } of wrapClient(client, policy, { methods: ['models.list'] }).models.list()) ids.push(id);
    expect([ids, requests.length]).toEqual([['a', 'b'], 3]);
  });
});

it('a quota that is used up is asked once, by every way', async () => {
  const quota: Answer = (response) =>
    void response
      .writeHead(429, { 'content-type': 'application/json' })
      .end(JSON.stringify({ error: { message: 'pay', type: 'insufficient_quota', code: 'insufficient_quota' } }));
  const counts = Object.entries(calls)
    .filter(([name]) => /OpenAI|AI SDK|Anthropic/u.test(name))
    .map(async ([name, call]) => [name, await requestsOf(call, quota)] as const);
  for (const [name, count] of await Promise.all(counts)) expect(count, name).toBe(1);
});

describe('every path of safeMethods leads to a method', () => {
  const clients = {
    openai: new OpenAI({ apiKey: 'k' }),
    anthropic: new Anthropic({ apiKey: 'k' }),
    qdrant: new QdrantClient({ checkCompatibility: false }),
    huggingFace: new InferenceClient(''),
  };
  it.each(Object.entries(clients))('%s', (name, client) => {
    const methods = safeMethods[name as keyof typeof clients] as readonly string[];
    expect(() => wrapClient<object, never>(client, policy, { methods: methods as never })).not.toThrow();
  });
});
