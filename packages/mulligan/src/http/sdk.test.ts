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

const retry = { attempts: 3, backoff: constant(1) };
/** Language models are asked by POST: whoever pays for a second answer says so. */
const eager = createFetch({ retry, methods: [...idempotentMethods, 'POST'] });
/** Whoever does not gets one request for each POST that may have been processed. */
const careful = createFetch({ retry });

const openAI = { choices: [{ index: 0, finish_reason: 'stop', message: { role: 'assistant', content: 'hello' } }] };
const anthropic = { type: 'message', role: 'assistant', content: [{ type: 'text', text: 'hello' }] };
const greeting = { greeting: 'hello' };

interface Client {
  readonly name: string;
  /** Its own retries are on. It heeds `x-should-retry`; where the network fails it cannot be told. */
  readonly isLeftOn?: true;
  /** What the server answers when it is well. */
  readonly answer: object;
  /** POST, unless it says otherwise. */
  readonly isGet?: true;
  readonly call: (url: string, fetch: typeof globalThis.fetch) => Promise<unknown>;
}

const messages = [{ role: 'user', content: 'hi' }] as const;

async function askOpenAI(client: OpenAI): Promise<unknown> {
  const { choices } = await client.chat.completions.create({ model: 'm', messages: [...messages] });
  return choices[0]?.message.content;
}

async function askAnthropic(client: Anthropic): Promise<unknown> {
  const { content } = await client.messages.create({ model: 'm', max_tokens: 9, messages: [...messages] });
  return content[0]?.type === 'text' && content[0].text;
}

const clients: readonly Client[] = [
  {
    name: 'OpenAI with maxRetries: 0',
    answer: openAI,
    call: (baseURL, fetch) => askOpenAI(new OpenAI({ baseURL, apiKey: 'k', fetch, maxRetries: 0 })),
  },
  {
    name: 'OpenAI, its own retries left on',
    isLeftOn: true,
    answer: openAI,
    call: (baseURL, fetch) => askOpenAI(new OpenAI({ baseURL, apiKey: 'k', fetch })),
  },
  {
    name: 'Anthropic with maxRetries: 0',
    answer: anthropic,
    call: (baseURL, fetch) => askAnthropic(new Anthropic({ baseURL, apiKey: 'k', fetch, maxRetries: 0 })),
  },
  {
    name: 'Anthropic, its own retries left on',
    isLeftOn: true,
    answer: anthropic,
    call: (baseURL, fetch) => askAnthropic(new Anthropic({ baseURL, apiKey: 'k', fetch })),
  },
  {
    name: 'the AI SDK with maxRetries: 0',
    answer: openAI,
    call: async (baseURL, fetch) => {
      const model = createOpenAICompatible({ name: 'n', baseURL, fetch })('m');
      return (await generateText({ model, prompt: 'hi', maxRetries: 0 })).text;
    },
  },
  {
    name: 'Octokit',
    isGet: true,
    answer: greeting,
    call: async (baseUrl, fetch) =>
      ((await new Octokit({ baseUrl, request: { fetch } }).request('GET /x')).data as typeof greeting).greeting,
  },
  {
    name: 'ky with retry: 0',
    isGet: true,
    answer: greeting,
    call: async (url, fetch) => (await ky.get(url, { fetch, retry: 0 }).json<typeof greeting>()).greeting,
  },
  {
    name: 'ky with a body',
    answer: greeting,
    call: async (url, fetch) =>
      (await ky.post(url, { fetch, retry: 0, json: { a: 1 } }).json<typeof greeting>()).greeting,
  },
  {
    name: 'ofetch with retry: 0',
    isGet: true,
    answer: greeting,
    call: async (url, fetch) => (await createOfetch({ fetch })<typeof greeting>(url, { retry: 0 })).greeting,
  },
  {
    name: 'axios with its fetch adapter',
    isGet: true,
    answer: greeting,
    call: async (url, fetch) =>
      (await axios.get<typeof greeting>(url, { adapter: 'fetch', env: { fetch } })).data.greeting,
  },
  {
    name: 'axios with a body',
    answer: greeting,
    call: async (url, fetch) =>
      (await axios.post<typeof greeting>(url, { a: 1 }, { adapter: 'fetch', env: { fetch } })).data.greeting,
  },
];

const json =
  (status: number, body: object): Answer =>
  (response) =>
    void response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
const busy = json(503, { error: { message: 'busy' } });
const limited = json(429, { error: { message: 'slow down' } });
const reset: Answer = ({ socket }) => void socket?.resetAndDestroy();
const bodies = ({ requests }: FaultServer): Set<string> => new Set(requests.map(({ body }) => body));
const base = ({ url }: FaultServer): string => url.replace(/\/$/, '');

/** How many requests a call of a client is to a server that always answers like this. */
async function requests({ call }: Client, answer: Answer, fetch: typeof globalThis.fetch): Promise<number> {
  return withFaultServer(answer, async (server) => {
    await expect(call(base(server), fetch)).rejects.toBeInstanceOf(Error);
    return server.requests.length;
  });
}

describe.each(clients)('inside $name', (client) => {
  test('a call survives two bad answers, and sends the same three times', async () => {
    for (const fault of client.isLeftOn === true ? [busy, limited] : [busy, limited, reset]) {
      const twice: Answer = (...args) => (args[2] < 3 ? fault : json(200, client.answer))(...args);
      await withFaultServer(twice, async (server) => {
        expect(await client.call(base(server), eager)).toBe('hello');
        expect(server.requests).toHaveLength(3);
        expect(bodies(server).size).toBe(1);
      });
    }
  });

  test('a server that stays bad gets no more requests than the policy allows', async () => {
    expect(await requests(client, busy, eager)).toBe(3);
    expect(await requests(client, limited, eager)).toBe(3);
    if (client.isLeftOn !== true) expect(await requests(client, reset, eager)).toBe(3);
  });

  test('what may have been processed is repeated only where it may be', async () => {
    const once = client.isGet === true ? 3 : 1;
    expect(await requests(client, busy, careful)).toBe(once);
    expect(await requests(client, limited, careful)).toBe(3);
    if (client.isLeftOn !== true) expect(await requests(client, reset, careful)).toBe(once);
  });
});
