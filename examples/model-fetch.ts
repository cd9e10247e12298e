// A fetch for the SDKs of language models, and middleware for the AI SDK.
// #region fetch
import Anthropic from '@anthropic-ai/sdk';
import { createModelFetch, noRetries } from 'mulligan/clients';
import OpenAI from 'openai';
// #endregion
// #region ai-sdk
import { createOpenAICompatible } from '@ai-sdk/openai-compatible';
import { streamText, wrapLanguageModel } from 'ai';
import { retryLanguageModel } from 'mulligan/clients/ai-sdk';
// #endregion
import { serveModel } from './support/model-like.ts';

const limits = {
  'x-ratelimit-limit-requests': '100',
  'x-ratelimit-remaining-requests': '0',
  'x-ratelimit-reset-requests': '10s',
};
const server = await serveModel([], limits);
const baseURL = `${server.url}/v1`;
const messages = [{ role: 'user' as const, content: 'Which colour has the sky?' }];

// #region fetch
const fetch = createModelFetch({
  retry: { attempts: 3 },
  attemptTimeout: '60s',
  onEvent: (event) => {
    if (event.type === 'rate-limit.delayed') console.log('waiting for room');
  },
});

const openai = new OpenAI({ ...noRetries.openai, baseURL, apiKey: 'none', fetch });
const anthropic = new Anthropic({ ...noRetries.anthropic, baseURL, apiKey: 'none', fetch });

const completion = await openai.chat.completions.create({ model: 'llama', messages });
// The endpoint said that no request is left: this one waits until it has room again.
await openai.chat.completions.create({ model: 'llama', messages });
const message = await anthropic.messages.create({ model: 'claude', max_tokens: 20, messages });
// #endregion

console.log(`${completion.choices[0]?.message.content} ${message.content.length} message`);
console.log(`${server.requests} requests`);
await server.close();

const streaming = await serveModel(['error in the stream']);
const streamUrl = `${streaming.url}/v1`;

// #region ai-sdk
const model = wrapLanguageModel({
  model: createOpenAICompatible({ name: 'local', baseURL: streamUrl })('llama'),
  middleware: retryLanguageModel({ retry: { attempts: 3 }, idleTimeout: '20s' }),
});

const { textStream } = streamText({ model, prompt: 'Which colour has the sky?' });
for await (const piece of textStream) console.log(`piece: ${piece}`);
// #endregion

console.log(`${streaming.requests} requests`);
await streaming.close();
