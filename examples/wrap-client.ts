// Somebody else's clients with a policy around some of their methods.
// #region wrap
import { QdrantClient } from '@qdrant/js-client-rest';
import { exponential, retry } from 'mulligan';
import { clientErrors, safeMethods, wrapClient } from 'mulligan/clients';
// #endregion
// #region thenable
import OpenAI from 'openai';
// #endregion
import { serveModel } from './support/model-like.ts';
import { serveQdrant } from './support/qdrant-like.ts';

const server = await serveQdrant((reply, { path }, n) => {
  const isTrouble = path.endsWith('/count') && n < 4;
  if (isTrouble) reply.destroy();
  return isTrouble;
});
const { url } = server;

// #region wrap
const policy = retry({
  attempts: 4,
  backoff: exponential({ initial: '100ms', max: '30s' }),
  on: clientErrors(),
});

const qdrant = wrapClient(new QdrantClient({ url, checkCompatibility: false }), policy, {
  methods: safeMethods.qdrant,
});
// `createCollection` is not in the list and is left as it is; `count` is retried.
await qdrant.createCollection('documents', { vectors: { size: 2, distance: 'Cosine' } });
const { count } = await qdrant.count('documents');
// #endregion

console.log(`${count} points after ${server.requests.length} requests`);
await server.close();

const model = await serveModel(['busy', 'reset']);
const baseURL = `${model.url}/v1`;

// #region thenable
const openai = wrapClient(new OpenAI({ baseURL, apiKey: 'none' }), policy, {
  methods: ['chat.completions.create'],
  // Each attempt gets its signal, so that time limits end the request.
  passContext: ({ signal }, [body, options]) => [body, { ...(options as object), signal }],
});
// The client's own two retries are off, on a copy of it; what its promises can do stays.
const { data, response } = await openai.chat.completions
  .create({ model: 'llama', messages: [{ role: 'user', content: 'Which colour has the sky?' }] })
  .withResponse();
// #endregion

console.log(`${data.choices[0]?.message.content} ${response.status} after ${model.requests} requests`);
await model.close();
