/** Other people's clients, made resilient. */
export { clientErrors, type ClientErrorOptions } from './client-errors.ts';
export type { ClientRetry } from './defaults.ts';
export type { EndpointOptions } from './generate/endpoint.ts';
export { GenerationError, type GenerationErrorDetails, StreamInterruptedError } from './generate/error.ts';
export { createGenerator } from './generate/generator.ts';
export { huggingFace, type HuggingFaceOptions } from './generate/hugging-face.ts';
export { openAICompatible, type OpenAICompatibleOptions } from './generate/openai-compatible.ts';
export type {
  ChatMessage,
  Generation,
  GenerationCallOptions,
  GenerationOptions,
  GenerationRequest,
  GenerationSource,
  Generator,
  GeneratorOptions,
  LocalGenerate,
  Prompt,
} from './generate/options.ts';
export { createModelFetch, type ModelFetchOptions, type PaceOptions } from './model-fetch.ts';
export { isTransientPostgres } from './postgres.ts';
export { isQuotaExhausted } from './quota.ts';
export { noRetries } from './wrap/own-retries.ts';
export { safeMethods } from './wrap/safe-methods.ts';
export { wrapClient, type WrapClientOptions } from './wrap/wrap-client.ts';
