// A fetch of ours inside of other people's clients: the policy is ours, theirs is switched off.
// #region openai
import OpenAI from 'openai';
// #endregion
// #region anthropic
import Anthropic from '@anthropic-ai/sdk';
// #endregion
// #region ai
import { createOpenAICompatible } from '@ai-sdk/openai-compatible';
import { generateText } from 'ai';
// #endregion
// #region ky
import ky from 'ky';
// #endregion
// #region ofetch
import { createFetch as createOfetch } from 'ofetch';
// #endregion
// #region axios
import axios from 'axios';
// #endregion
import { createFetch, idempotentMethods } from 'mulligan/http';
import { serve } from './support/serve.ts';

const text = 'hello';
const answer = {
  choices: [{ index: 0, finish_reason: 'stop', message: { role: 'assistant', content: text } }],
  type: 'message',
  role: 'assistant',
  content: [{ type: 'text', text }],
};
let requests = 0;
const server = await serve((_request, reply) => {
  reply.writeHead(++requests % 3 === 0 ? 200 : 503, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
});
const url = server.url;
const messages = [{ role: 'user' as const, content: 'hi' }];
const told = (client: string): void => console.log(`${client}: ${requests - before(requests)} requests`);
const before = (now: number): number => Math.floor((now - 1) / 3) * 3;

// Whoever pays for a second answer lists POST, or sends an Idempotency-Key.
const fetch = createFetch({ retry: { attempts: 3 }, methods: [...idempotentMethods, 'POST'] });

// #region openai
const openai = new OpenAI({ baseURL: url, apiKey: 'key', maxRetries: 0, fetch });
// #endregion
await openai.chat.completions.create({ model: 'm', messages });
told('OpenAI');

// #region anthropic
const anthropic = new Anthropic({ baseURL: url, apiKey: 'key', maxRetries: 0, fetch });
// #endregion
await anthropic.messages.create({ model: 'm', max_tokens: 9, messages });
told('Anthropic');

// #region ai
const provider = createOpenAICompatible({ name: 'local', baseURL: url, fetch });
await generateText({ model: provider('m'), prompt: 'hi', maxRetries: 0 });
// #endregion
told('AI SDK');

// #region ky
const api = ky.create({ retry: 0, fetch });
// #endregion
await api.get(url).json();
told('ky');

// #region ofetch
const ofetch = createOfetch({ fetch, defaults: { retry: 0 } });
// #endregion
await ofetch(url);
told('ofetch');

// #region axios
const client = axios.create({ adapter: 'fetch', env: { fetch } });
// #endregion
await client.get(url);
told('axios');
await server.close();
