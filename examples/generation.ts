// Seed 2: the generation client, whose calls retry; and streams, which the seed has not.
// #region generate
import { exponential } from 'mulligan';
import { createGenerator, huggingFace } from 'mulligan/clients';
// #endregion
// #region stream
import { openAICompatible, StreamInterruptedError } from 'mulligan/clients';
// #endregion
import { serveModel } from './support/model-like.ts';

const endpoint = await serveModel(['busy']);
const endpointUrl = endpoint.url;

// #region generate
const generator = createGenerator({
  source: huggingFace({ model: 'gpt2', endpointUrl }),
  retry: { attempts: 3, backoff: exponential({ initial: '0.5s', max: '10s' }) },
});

const { text } = await generator.generate('Which colour has the sky?', { maxNewTokens: 20 });
// #endregion

console.log(`${text} ${endpoint.requests} requests`);
await endpoint.close();

const server = await serveModel(['error in the stream', 'breaks off']);
const baseUrl = `${server.url}/v1`;

// #region stream
const streaming = createGenerator({
  source: openAICompatible({ baseUrl, model: 'llama' }),
  retry: { backoff: exponential({ initial: '10ms' }) },
  idleTimeout: '20s',
});

try {
  for await (const piece of streaming.stream('Which colour has the sky?')) console.log(`piece: ${piece}`);
} catch (error) {
  // What failed before the first piece was tried again; what broke off after it is not repeated.
  if (error instanceof StreamInterruptedError) console.log(`it broke off after: ${error.text}`);
}
// #endregion

console.log(`${server.requests} requests`);
await server.close();

let calls = 0;
const load = async (prompt: string): Promise<object[]> => {
  if (++calls === 1) throw Object.assign(new Error('the disk is busy'), { code: 'EMFILE' });
  return [{ generated_text: `${prompt} blue` }];
};
// #region local
// Anything that takes a prompt is a source, such as `await pipeline('text-generation', 'Xenova/gpt2')`.
const pipe = (prompt: string, _options: { max_new_tokens?: number }) => load(prompt);

const local = createGenerator({ source: pipe, retry: { backoff: exponential({ initial: '10ms' }) } });
const answers = await local.generateAll(['The sky is', 'The sea is'], { maxNewTokens: 5 });
// #endregion
console.log(answers.map((answer) => answer.text).join(', '));
