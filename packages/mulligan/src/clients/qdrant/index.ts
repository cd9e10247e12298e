/** A vector store on Qdrant, by its official client `@qdrant/js-client-rest`. */
export { PartialUpsertError } from './error.ts';
export type {
  AddOptions,
  DocumentLike,
  EmbeddingsLike,
  MarginalRelevanceOptions,
  PointId,
  QdrantFilter,
  QdrantVectorStoreOptions,
  RetrieverClass,
  RetrieverFields,
} from './options.ts';
export { ChainStep, type NextStep } from './retriever.ts';
export { QdrantVectorStore } from './vector-store.ts';
