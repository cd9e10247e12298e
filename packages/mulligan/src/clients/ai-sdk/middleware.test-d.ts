import type { EmbeddingModelMiddleware, LanguageModelMiddleware } from 'ai';
import { expectTypeOf } from 'vitest';
import { retryEmbeddingModel, retryLanguageModel } from './middleware.ts';

// They are what the AI SDK takes, although nothing of it is imported.
expectTypeOf(retryLanguageModel()).toExtend<LanguageModelMiddleware>();
expectTypeOf(retryEmbeddingModel()).toExtend<EmbeddingModelMiddleware>();
// @ts-expect-error -- an embedding has no stream
retryEmbeddingModel({ idleTimeout: '1s' });
