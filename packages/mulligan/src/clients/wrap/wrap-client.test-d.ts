import Anthropic from '@anthropic-ai/sdk';
import { QdrantClient } from '@qdrant/js-client-rest';
import OpenAI from 'openai';
import { expectTypeOf } from 'vitest';
import { retry } from '../../retry/index.ts';
import { safeMethods } from './safe-methods.ts';
import { wrapClient } from './wrap-client.ts';

const policy = retry();
const openai = new OpenAI({ apiKey: 'k' });
const wrapped = wrapClient(openai, policy, { methods: ['chat.completions.create', 'models.list'] });

// The client's type stays whole: overloads, streams, what its promises can do, and what is not listed.
expectTypeOf(wrapped).toEqualTypeOf<OpenAI>();
const ask = { model: 'm', messages: [] };
expectTypeOf(await wrapped.chat.completions.create(ask)).toExtend<OpenAI.ChatCompletion>();
expectTypeOf(await wrapped.chat.completions.create({ ...ask, stream: true })).toExtend<
  AsyncIterable<OpenAI.ChatCompletionChunk>
>();
expectTypeOf((await wrapped.chat.completions.create(ask).withResponse()).response).toEqualTypeOf<Response>();
expectTypeOf(wrapped.apiKey).toEqualTypeOf<string | null>();

// The lists of methods fit the clients that they are for.
wrapClient(openai, policy, { methods: safeMethods.openai });
wrapClient(new Anthropic(), policy, { methods: safeMethods.anthropic });
wrapClient(new QdrantClient(), policy, { methods: safeMethods.qdrant });

// A star names a part, and `()` what a method gives.
wrapClient(openai, policy, { methods: ['chat.completions.*'] });
declare const pool: {
  connect(): Promise<{ query(sql: string): Promise<object[]>; escape(text: string): string }>;
  builder(): { all(): Promise<number[]> };
};
wrapClient(pool, policy, { methods: ['connect().query', 'builder().all'] });

// @ts-expect-error -- there is no such method
wrapClient(openai, policy, { methods: ['chat.completions.creat'] });
// @ts-expect-error -- there is no such part
wrapClient(openai, policy, { methods: ['chap.completions.create'] });
// @ts-expect-error -- it returns no promise
wrapClient(openai, policy, { methods: ['buildURL'] });
// @ts-expect-error -- it is no method
wrapClient(openai, policy, { methods: ['apiKey'] });
// @ts-expect-error -- what it gives has a method that returns no promise
wrapClient(pool, policy, { methods: ['connect().escape'] });
