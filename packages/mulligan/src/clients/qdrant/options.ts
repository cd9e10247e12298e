import type { QdrantClient, Schemas } from '@qdrant/js-client-rest';
import type { ClientRetry } from '../defaults.ts';

/** What makes vectors of texts: LangChain's embeddings, or anything like them. */
export interface EmbeddingsLike {
  embedDocuments(texts: string[]): Promise<number[][]>;
  embedQuery(text: string): Promise<number[]>;
}

/** A text with what is known of it: LangChain's `Document`, or anything like it. */
export interface DocumentLike {
  readonly pageContent: string;
  readonly metadata: Record<string, unknown>;
  readonly id?: string | undefined;
}

/** The id of a point: a whole number of 0 or more, or a UUID. */
export type PointId = string | number;

/** Qdrant's own form of a filter. */
export type QdrantFilter = Schemas['Filter'];

/** The options of `QdrantVectorStore`. */
export interface QdrantVectorStoreOptions {
  /** The official client. Made of `url` and `apiKey` where it is not given. */
  readonly client?: QdrantClient;
  /** @default 'http://localhost:6333' */
  readonly url?: string;
  readonly apiKey?: string;
  /** @default 'documents' */
  readonly collectionName?: string;
  /** How vectors are compared, when the collection is made. @default 'Cosine' */
  readonly distance?: Schemas['Distance'];
  /** How the collection is made, should it not exist. @default vectors of the size of the first, and `distance` */
  readonly collectionConfig?: Schemas['CreateCollection'];
  /** Where in a point's payload the text is. @default 'content' */
  readonly contentPayloadKey?: string;
  /** Where in a point's payload the metadata are. @default 'metadata' */
  readonly metadataPayloadKey?: string;
  /** How many points are sent at once. Each batch is retried on its own. @default 100 */
  readonly batchSize?: number;
  /**
   * How to retry: the options of `retry`, how many attempts in all, or `false` for one. What embeds is not retried.
   * @default 3 retries, from 1 s to 30 s; errors as `clientErrors` knows them
   */
  readonly retry?: ClientRetry;
}

/** The options of `addVectors` and `addDocuments`. */
export interface AddOptions {
  /** @default the documents' own ids, and random UUIDs for those that have none */
  readonly ids?: readonly PointId[];
}

/** The options of a search for results that differ from each other. */
export interface MarginalRelevanceOptions {
  /** How many results. */
  readonly k: number;
  /** Of how many candidates. @default 20 */
  readonly fetchK?: number;
  /** From 0, as different as can be, to 1, as near as can be. @default 0.5 */
  readonly lambda?: number;
  readonly filter?: QdrantFilter;
}

/** What a retriever is made with, beside the store. */
export interface RetrieverFields {
  readonly k?: number;
  readonly filter?: QdrantFilter;
  readonly searchType?: 'similarity' | 'mmr';
  readonly searchKwargs?: { readonly fetchK?: number; readonly lambda?: number };
  readonly tags?: string[];
  readonly metadata?: Record<string, unknown>;
}

/** LangChain's class `VectorStoreRetriever`. */
export type RetrieverClass<R> = new (fields: never) => R;
