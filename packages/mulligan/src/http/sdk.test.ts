import Anthropic from '@anthropic-ai/sdk';
import { createOpenAICompatible } from '@ai-sdk/openai-compatible';
import { Octokit } from '@octokit/core';
import { generateText } from 'ai';
import axios from 'axios';
import ky from 'ky';
import { type Answer, type FaultServer, withFaultServer } from 'mulligan/testing/conformance';
import { createFetch as createOfetch } from 'ofetch';
import OpenAI from 'openai';
import { describe, expect, test } from 'vitest';
import { constant } from '../retry/index.ts';
import { createFetch } from './fetch.ts';
import { idempotentMethods } from './idempotency.ts';

/** Language models are asked by POST: whoever pays for a second answer says so. */
const fetch = createFetch({
  retry: { attempts: 3, backoff: constant(1) },
  methods: [...idempotentMethods, 'POST'],
});

const openAI = { choices: [{ index: 0, finish_reason: 'stop', message: { role: 'assistant', content: 'hello' } }] };
const anthropic = { type: 'message', role: 'assistant', content: [{ type: 'text', text: 'hello' }] };
const greeting = { greeting: 'hello' };

interface Client {
  readonly name: string;
  /** What the server answers when it is well. */
  readonly answer: object;
  readonly call: (url: string) => Promise<unknown>;
}

const messages = [{ role: 'user', content: 'hi' }] as const;

const clients: readonly Client[] = [
  {
    name: 'OpenAI, its own retries left on',
    answer: openAI,
    call: async (baseURL) => {
      const client = new OpenAI({ baseURL, apiKey: 'k', fetch });
      return (await client.chat.completions.create({ model: 'm', messages: [...messages] })).choices[0]?.message
        .content;
    },
  },
  {
    name: 'Anthropic, its own retries left on',
    answer: anthropic,
    call: async (baseURL) => {
      const client = new Anthropic({ baseURL, apiKey: 'k', fetch });
      const { content } = await client.messages.create({ model: 'm', max_tokens: 9, messages: [...messages] });
      return content[0]?.type === 'text' && content[0].text;
    },
  },
  {
    name: 'the AI SDK with maxRetries: 0',
    answer: openAI,
    call: async (baseURL) => {
      const model = createOpenAICompatible({ name: 'n', baseURL, fetch })('m');
      return (await generateText({ model, prompt: 'hi', maxRetries: 0 })).text;
    },
  },
  {
    name: 'Octokit',
    answer: greeting,
    call: async (baseUrl) =>
      ((await new Octokit({ baseUrl, request: { fetch } }).request('GET /x')).data as typeof greeting).greeting,
  },
  {
    name: 'ky with retry: 0',
    answer: greeting,
    call: async (url) => (await ky.get(url, { fetch, retry: 0 }).json<typeof greeting>()).greeting,
  },
  {
    name: 'ky with a body',
    answer: greeting,
    call: async (url) => (await ky.post(url, { fetch, retry: 0, json: { a: 1 } }).json<typeof greeting>()).greeting,
  },
  {
    name: 'ofetch with retry: 0',
    answer: greeting,
    call: async (url) => (await createOfetch({ fetch })<typeof greeting>(url, { retry: 0 })).greeting,
  },
  {
    name: 'axios with its fetch adapter',
    answer: greeting,
    call: async (url) => (await axios.get<typeof greeting>(url, { adapter: 'fetch', env: { fetch } })).data.greeting,
  },
  {
    name: 'axios with a body',
    answer: greeting,
    call: async (url) =>
      (await axios.post<typeof greeting>(url, { a: 1 }, { adapter: 'fetch', env: { fetch } })).data.greeting,
  },
];

const json =
  (status: number, body: object): Answer =>
  (response) =>
    void response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
const busy = json(503, { error: { message: 'busy' } });
const bodies = ({ requests }: FaultServer): Set<string> => new Set(requests.map(({ body }) => body));
const base = ({ url }: FaultServer): string => url.replace(/\/$/, '');

describe.each(clients)('inside $name', ({ answer, call }) => {
  test('a call survives two bad answers, and sends the same three times', async () => {
    const twice: Answer = (response, request, n) => (n < 3 ? busy : json(200, answer))(response, request, n);
    await withFaultServer(twice, async (server) => {
      expect(await call(base(server))).toBe('hello');
      expect(server.requests).toHaveLength(3);
      expect(bodies(server).size).toBe(1);
    });
  });

  test('a server that stays bad gets no more requests than the policy allows', async () => {
    await withFaultServer(busy, async (server) => {
      await expect(call(base(server))).rejects.toBeInstanceOf(Error);
      expect(server.requests).toHaveLength(3);
    });
  });
});

test('where the network fails, clients with retries of their own must have them switched off', async () => {
  await withFaultServer(
    ({ socket }) => void socket?.resetAndDestroy(),
    async (server) => {
      const options = { baseURL: base(server), apiKey: 'k', fetch, maxRetries: 0 };
      await expect(new OpenAI(options).models.list()).rejects.toThrow('Connection error');
      await expect(new Anthropic(options).models.list()).rejects.toThrow('Connection error');
      expect(server.requests).toHaveLength(6);
    },
  );
});
