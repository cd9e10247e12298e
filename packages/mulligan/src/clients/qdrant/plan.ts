import { QdrantClient, type Schemas } from '@qdrant/js-client-rest';
import { checkKeys, checkNumber, InvalidOptionError, type Policy, show } from '../../kernel/index.ts';
import { retry } from '../../retry/index.ts';
import { retryOptionsOf, vectorSearchRetry } from '../defaults.ts';
import type { EmbeddingsLike, QdrantVectorStoreOptions } from './options.ts';

/** {@link QdrantVectorStoreOptions}, checked once and in one fixed shape. */
export interface QdrantPlan {
  readonly client: QdrantClient;
  readonly collectionName: string;
  readonly configOf: (size: number) => Schemas['CreateCollection'];
  readonly contentKey: string;
  readonly metadataKey: string;
  readonly batchSize: number;
  readonly policy: Policy;
}

const known = Object.keys({
  client: true,
  url: true,
  apiKey: true,
  collectionName: true,
  distance: true,
  collectionConfig: true,
  contentPayloadKey: true,
  metadataPayloadKey: true,
  batchSize: true,
  retry: true,
} satisfies Record<keyof QdrantVectorStoreOptions, true>);

/** Checks the options and answers what is wrong with them in sentences. */
export function planQdrant(embeddings: EmbeddingsLike, options: QdrantVectorStoreOptions = {}): QdrantPlan {
  if (typeof (embeddings as EmbeddingsLike | undefined)?.embedQuery !== 'function') {
    const message = `an embeddings object like those of LangChain is required, got ${show(embeddings)}`;
    throw new InvalidOptionError('embeddings', embeddings, message);
  }
  checkKeys('QdrantVectorStore', options, known);
  const { url = 'http://localhost:6333', apiKey, distance = 'Cosine', collectionConfig, batchSize = 100 } = options;
  return {
    client:
      options.client ?? new QdrantClient({ url, ...(apiKey !== undefined && { apiKey }), checkCompatibility: false }),
    collectionName: options.collectionName ?? 'documents',
    configOf: (size) => collectionConfig ?? { vectors: { size, distance } },
    contentKey: options.contentPayloadKey ?? 'content',
    metadataKey: options.metadataPayloadKey ?? 'metadata',
    batchSize: checkNumber('batchSize', batchSize, { min: 1, whole: true }),
    policy: retry(retryOptionsOf(options.retry, vectorSearchRetry)),
  };
}
