import { checkKeys, InvalidOptionError, show } from '../../kernel/index.ts';
import { done, Endpoint, type EndpointOptions } from './endpoint.ts';
import { GenerationError } from './error.ts';
import type { Generation, GenerationOptions, GenerationSource, Prompt } from './options.ts';

/** The options of {@link openAICompatible}. */
export interface OpenAICompatibleOptions extends EndpointOptions {
  /** Where it is, up to the version, such as `http://localhost:8000/v1`. @default 'https://api.openai.com/v1' */
  readonly baseUrl?: string;
  readonly model: string;
  /** Sent as the bearer. None by default: local servers want none. */
  readonly apiKey?: string;
}

interface Choice {
  readonly finish_reason?: string | null;
  readonly text?: string;
  readonly message?: { readonly content?: string | null };
  readonly delta?: { readonly content?: string | null };
}

/**
 * An endpoint that speaks like OpenAI's `chat/completions`: OpenAI itself, vLLM, Ollama, llama.cpp, TGI, LiteLLM, the
 * router of Hugging Face and most others.
 * @throws {InvalidOptionError}
 */
export function openAICompatible(options: OpenAICompatibleOptions): GenerationSource {
  checkKeys('openAICompatible', options, ['baseUrl', 'model', 'apiKey', 'headers', 'fetch']);
  const { baseUrl = 'https://api.openai.com/v1', model, apiKey } = options;
  if (typeof model !== 'string' || model === '') {
    throw new InvalidOptionError('model', model, `model must be the name of a model, got ${show(model)}`);
  }
  const endpoint = new Endpoint(model, `${baseUrl.replace(/\/+$/, '')}/chat/completions`, apiKey, options);
  return {
    name: model,
    async generate(request): Promise<Generation> {
      const raw = await endpoint.ask(bodyOf(model, request), request.signal);
      const choice = choiceOf(raw);
      return { text: textOf(choice), finishReason: choice?.finish_reason ?? undefined, raw };
    },
    async *stream(request) {
      let isComplete = false;
      for await (const event of endpoint.events({ ...bodyOf(model, request), stream: true }, request.signal)) {
        const choice = event === done ? undefined : choiceOf(event);
        isComplete ||= event === done || typeof choice?.finish_reason === 'string';
        const text = textOf(choice);
        if (text !== '') yield text;
      }
      if (!isComplete) throw new GenerationError(`${model}: the stream ended before its end`, { status: 502 });
    },
  };
}

function bodyOf(model: string, { prompt, options }: { prompt: Prompt; options: GenerationOptions }): object {
  const { maxNewTokens, temperature, topP, topK, stop, extra } = options;
  return {
    model,
    messages: typeof prompt === 'string' ? [{ role: 'user', content: prompt }] : prompt,
    max_tokens: maxNewTokens,
    temperature,
    top_p: topP,
    top_k: topK,
    stop,
    ...extra,
  };
}

function choiceOf(answer: unknown): Choice | undefined {
  const { choices } = answer as { readonly choices?: readonly Choice[] };
  return Array.isArray(choices) ? (choices as readonly Choice[])[0] : undefined;
}

function textOf(choice: Choice | undefined): string {
  return choice?.delta?.content ?? choice?.message?.content ?? choice?.text ?? '';
}
