/** Middleware for the AI SDK of Vercel. It needs nothing of it but what it is called with. */
export {
  type EmbeddingModelMiddleware,
  type LanguageModelMiddleware,
  type ModelMiddlewareOptions,
  retryEmbeddingModel,
  retryLanguageModel,
} from './middleware.ts';
