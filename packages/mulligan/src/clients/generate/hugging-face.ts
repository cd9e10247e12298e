import { checkKeys, InvalidOptionError } from '../../kernel/index.ts';
import { Endpoint, type EndpointOptions } from './endpoint.ts';
import { GenerationError } from './error.ts';
import { textOfLocal } from './local.ts';
import type { GenerationRequest, GenerationSource, Prompt } from './options.ts';

/** The options of {@link huggingFace}. */
export interface HuggingFaceOptions extends EndpointOptions {
  /** Such as `gpt2`; may be left out where `endpointUrl` stands for one model. */
  readonly model?: string;
  /** An Inference Endpoint, or a server of text-generation-inference. @default the hosted one of the model */
  readonly endpointUrl?: string;
  readonly accessToken?: string;
}

/** What the seed's generation client asks for, unless a call says otherwise. Source: seed 2, `GenerationConfig`. */
const seedParameters = { max_new_tokens: 128, do_sample: true, temperature: 1, top_k: 50, top_p: 0.95 } as const;

interface Token {
  readonly text?: string;
  /** Such as the end of the text: not for the reader. */
  readonly special?: boolean;
}

interface TokenEvent {
  readonly token?: Token;
  readonly generated_text?: string | null;
}

/**
 * An endpoint of Hugging Face for text generation, or a server of text-generation-inference. Its defaults are those of
 * the seed: 128 new tokens, sampled at temperature 1 from the 50 likeliest, with `top_p` 0.95. While a model is being
 * loaded the endpoint says how long that takes, and so long is waited.
 * @throws {InvalidOptionError}
 */
export function huggingFace(options: HuggingFaceOptions): GenerationSource {
  checkKeys('huggingFace', options, ['model', 'endpointUrl', 'accessToken', 'headers', 'fetch']);
  if (options.model === undefined && options.endpointUrl === undefined) {
    throw new InvalidOptionError('model', undefined, 'huggingFace needs a model, or the endpointUrl of one');
  }
  const { model = 'huggingface', accessToken } = options;
  const { endpointUrl = `https://router.huggingface.co/hf-inference/models/${model}` } = options;
  const endpoint = new Endpoint(model, endpointUrl, accessToken, options);
  return {
    name: model,
    async generate(request) {
      const raw = await endpoint.ask(bodyOf(request), request.signal);
      return { text: textOfLocal(raw), raw };
    },
    async *stream(request) {
      let isComplete = false;
      let hasText = false;
      for await (const event of endpoint.events({ ...bodyOf(request), stream: true }, request.signal)) {
        const { token, generated_text: whole } = (Array.isArray(event) ? event[0] : event) as TokenEvent;
        const text: string = token === undefined ? (hasText ? '' : (whole ?? '')) : textOfToken(token);
        isComplete ||= typeof whole === 'string';
        hasText ||= text !== '';
        if (text !== '') yield text;
      }
      if (!isComplete) throw new GenerationError(`${model}: the stream ended before its end`, { status: 502 });
    },
  };
}

function textOfToken({ text = '', special = false }: Token): string {
  return special ? '' : text;
}

function bodyOf({ prompt, options }: GenerationRequest): object {
  const { maxNewTokens, temperature, topP, topK, stop, extra } = options;
  const given = { max_new_tokens: maxNewTokens, temperature, top_p: topP, top_k: topK, stop };
  const told = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
  return { inputs: plain(prompt), parameters: { ...seedParameters, return_full_text: false, ...told, ...extra } };
}

/** These endpoints know no conversation. */
function plain(prompt: Prompt): string {
  if (typeof prompt === 'string') return prompt;
  return prompt.map(({ role, content }) => `${role}: ${content}`).join('\n');
}
