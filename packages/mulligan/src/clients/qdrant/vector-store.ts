import type { QdrantClient, Schemas } from '@qdrant/js-client-rest';
import { InvalidOptionError } from '../../kernel/index.ts';
import { PartialUpsertError } from './error.ts';
import { chooseDiverse } from './marginal-relevance.ts';
import type {
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
import { planQdrant, type QdrantPlan } from './plan.ts';
import { ChainStep } from './retriever.ts';

/**
 * A vector store on Qdrant whose operations survive bad networks. It has the methods of LangChain's `VectorStore` and
 * stands in its place wherever those are called. Source: seed 2.
 *
 * Only what Qdrant is asked is retried; what embeds has retries of its own, if any. A point is written under its id, so
 * that writing it twice does no harm.
 *
 * @example
 * const store = new QdrantVectorStore(embeddings, { url: 'http://localhost:6333', retry: { attempts: 4 } });
 * await store.addDocuments([{ pageContent: 'The sky is blue.', metadata: { page: 1 } }]);
 * const documents = await store.similaritySearch('Which colour has the sky?', 3);
 */
export class QdrantVectorStore {
  /** For LangChain's types: what a filter is. */
  declare readonly FilterType: QdrantFilter;
  readonly embeddings: EmbeddingsLike;
  readonly client: QdrantClient;
  readonly collectionName: string;
  readonly #plan: QdrantPlan;
  #collection: Promise<void> | undefined;

  /** @throws {InvalidOptionError} */
  constructor(embeddings: EmbeddingsLike, options: QdrantVectorStoreOptions = {}) {
    this.embeddings = embeddings;
    this.#plan = planQdrant(embeddings, options);
    this.client = this.#plan.client;
    this.collectionName = this.#plan.collectionName;
  }

  /** Makes a store and adds these texts. `metadatas` are one for each text, or one for all. */
  static async fromTexts(
    texts: readonly string[],
    metadatas: readonly Record<string, unknown>[] | Record<string, unknown>,
    embeddings: EmbeddingsLike,
    options: QdrantVectorStoreOptions = {},
  ): Promise<QdrantVectorStore> {
    const metadataOf = (at: number): Record<string, unknown> => (isList(metadatas) ? (metadatas[at] ?? {}) : metadatas);
    const documents = texts.map((pageContent, at) => ({ pageContent, metadata: metadataOf(at) }));
    return QdrantVectorStore.fromDocuments(documents, embeddings, options);
  }

  /** Makes a store and adds these documents. */
  static async fromDocuments(
    documents: readonly DocumentLike[],
    embeddings: EmbeddingsLike,
    options: QdrantVectorStoreOptions = {},
  ): Promise<QdrantVectorStore> {
    const store = new QdrantVectorStore(embeddings, options);
    await store.addDocuments(documents);
    return store;
  }

  /** A store on a collection that exists, or is made now. */
  static async fromExistingCollection(
    embeddings: EmbeddingsLike,
    options: QdrantVectorStoreOptions = {},
  ): Promise<QdrantVectorStore> {
    const store = new QdrantVectorStore(embeddings, options);
    await store.ensureCollection();
    return store;
  }

  _vectorstoreType(): string {
    return 'qdrant';
  }

  /** Makes the collection where it does not exist. Without a size, a text is embedded to find out. */
  async ensureCollection(size?: number): Promise<void> {
    this.#collection ??= this.#makeCollection(size);
    try {
      await this.#collection;
    } catch (error) {
      this.#collection = undefined;
      throw error;
    }
  }

  /** Embeds the documents and adds them. @returns their ids */
  async addDocuments(documents: readonly DocumentLike[], options?: AddOptions): Promise<string[]> {
    const texts = documents.map(({ pageContent }) => pageContent);
    return this.addVectors(await this.embeddings.embedDocuments(texts), documents, options);
  }

  /**
   * Adds documents with their vectors. Of several batches only the one that failed is sent again.
   * @returns their ids
   * @throws {PartialUpsertError} when some are stored, and others are not
   */
  async addVectors(
    vectors: readonly (readonly number[])[],
    documents: readonly DocumentLike[],
    { ids }: AddOptions = {},
  ): Promise<string[]> {
    if (vectors.length === 0) return [];
    checkLengths(vectors, documents, ids);
    await this.ensureCollection(vectors[0]?.length);
    const points = documents.map((document, at) => this.#pointOf(document, vectors[at] ?? [], ids?.[at]));
    const { batchSize, policy } = this.#plan;
    for (let from = 0; from < points.length; from += batchSize) {
      const batch = { wait: true, points: points.slice(from, from + batchSize) };
      try {
        await policy.execute(() => this.client.upsert(this.collectionName, batch), { name: 'addVectors' });
      } catch (error) {
        if (from === 0) throw error;
        throw new PartialUpsertError(idsOf(points.slice(0, from)), idsOf(points.slice(from)), error);
      }
    }
    return points.map(({ id }) => String(id));
  }

  /** Deletes points: those with these ids, or all that the filter finds. */
  async delete({ ids, filter }: { readonly ids?: readonly PointId[]; readonly filter?: QdrantFilter }): Promise<void> {
    const which = ids === undefined ? filter && { filter } : { points: [...ids] };
    if (which === undefined) throw new InvalidOptionError('ids', ids, 'delete needs ids or a filter');
    await this.#ask('delete', () => this.client.delete(this.collectionName, { wait: true, ...which }));
  }

  /** The nearest documents to a text. Embedding it is not retried here. */
  async similaritySearch(query: string, k = 4, filter?: QdrantFilter): Promise<DocumentLike[]> {
    const found = await this.similaritySearchWithScore(query, k, filter);
    return found.map(([document]) => document);
  }

  /** The nearest documents to a text, with their scores. */
  async similaritySearchWithScore(query: string, k = 4, filter?: QdrantFilter): Promise<[DocumentLike, number][]> {
    return this.similaritySearchVectorWithScore(await this.embeddings.embedQuery(query), k, filter);
  }

  /** The nearest documents to a vector, with their scores. */
  async similaritySearchVectorWithScore(
    query: readonly number[],
    k: number,
    filter?: QdrantFilter,
  ): Promise<[DocumentLike, number][]> {
    const points = await this.#find('similaritySearch', query, { limit: k, ...(filter && { filter }) });
    return points.map((point) => [this.#documentOf(point), point.score]);
  }

  /** Documents that are near to a text, and differ from each other. */
  async maxMarginalRelevanceSearch(query: string, options: MarginalRelevanceOptions): Promise<DocumentLike[]> {
    const { k, fetchK = 20, lambda = 0.5, filter } = options;
    const vector = await this.embeddings.embedQuery(query);
    const search = { limit: Math.max(k, fetchK), with_vector: true, ...(filter && { filter }) };
    const points = await this.#find('maxMarginalRelevanceSearch', vector, search);
    const places = chooseDiverse(vector, points.map(vectorOf), { k, lambda });
    return places.flatMap((place) => points[place] ?? []).map((point) => this.#documentOf(point));
  }

  /**
   * A retriever on this store, for the chains of LangChain: `store.asRetriever(4)`, or with more fields. Where LangChain's
   * own class is wanted, with its callbacks, it is given: `store.asRetriever(VectorStoreRetriever, { k: 4 })`.
   */
  asRetriever(fields?: RetrieverFields | number, filter?: QdrantFilter): ChainStep<string, DocumentLike[]>;
  asRetriever<R>(Retriever: RetrieverClass<R>, fields?: RetrieverFields | number): R;
  asRetriever<R>(
    first: RetrieverClass<R> | RetrieverFields | number = {},
    second?: RetrieverFields | QdrantFilter | number,
  ): R | ChainStep<string, DocumentLike[]> {
    if (typeof first !== 'function') return this.#retriever(fieldsOf(first), second as QdrantFilter | undefined);
    const fields = fieldsOf(second as RetrieverFields | number | undefined);
    return new first({ ...fields, vectorStore: this } as never);
  }

  #retriever(fields: RetrieverFields, other?: QdrantFilter): ChainStep<string, DocumentLike[]> {
    const { k = 4, filter = other, searchType, searchKwargs } = fields;
    const search = { k, ...searchKwargs, ...(filter && { filter }) };
    return new ChainStep('QdrantRetriever', (query) =>
      searchType === 'mmr' ? this.maxMarginalRelevanceSearch(query, search) : this.similaritySearch(query, k, filter),
    );
  }

  async #makeCollection(size?: number): Promise<void> {
    const length = size ?? (await this.embeddings.embedQuery('size')).length;
    const { collectionName, client } = this;
    const exists = async (): Promise<boolean> => (await client.collectionExists(collectionName)).exists;
    await this.#ask('ensureCollection', async () => {
      if (await exists()) return;
      try {
        await client.createCollection(collectionName, this.#plan.configOf(length));
      } catch (error) {
        // Somebody else may have made it just now, or our last attempt, whose answer was lost.
        if (!(await exists())) throw error;
      }
    });
  }

  #ask<T>(name: string, operation: () => Promise<T>): Promise<T> {
    return this.#plan.policy.execute(operation, { name });
  }

  async #find(
    name: string,
    vector: readonly number[],
    search: Partial<Schemas['QueryRequest']>,
  ): Promise<Schemas['ScoredPoint'][]> {
    const request = { query: [...vector], with_payload: true, ...search };
    return (await this.#ask(name, () => this.client.query(this.collectionName, request))).points;
  }

  #pointOf({ pageContent, metadata, id: own }: DocumentLike, vector: readonly number[], id?: PointId): Point {
    const { contentKey, metadataKey } = this.#plan;
    const payload = { [contentKey]: pageContent, [metadataKey]: metadata };
    return { id: id ?? own ?? crypto.randomUUID(), vector: [...vector], payload };
  }

  #documentOf({ id, payload }: Schemas['ScoredPoint']): DocumentLike {
    const { contentKey, metadataKey } = this.#plan;
    const metadata = (payload?.[metadataKey] ?? {}) as Record<string, unknown>;
    const content = payload?.[contentKey];
    return { id: String(id), pageContent: typeof content === 'string' ? content : '', metadata };
  }
}

interface Point {
  readonly id: PointId;
  readonly vector: number[];
  readonly payload: Record<string, unknown>;
}

function checkLengths(
  vectors: readonly unknown[],
  documents: readonly unknown[],
  ids: readonly unknown[] | undefined,
): void {
  if (vectors.length === documents.length && (ids === undefined || ids.length === documents.length)) return;
  const counts = `${documents.length} documents, ${vectors.length} vectors${ids === undefined ? '' : `, ${ids.length} ids`}`;
  throw new InvalidOptionError(
    'vectors',
    vectors.length,
    `there must be as many vectors and ids as documents: ${counts}`,
  );
}

function fieldsOf(fields: RetrieverFields | number = {}): RetrieverFields {
  return typeof fields === 'number' ? { k: fields } : fields;
}

function isList<T>(value: readonly T[] | T): value is readonly T[] {
  return Array.isArray(value);
}

function idsOf(points: readonly Point[]): PointId[] {
  return points.map(({ id }) => id);
}

/** Of a collection with one unnamed vector. */
function vectorOf({ vector }: Schemas['ScoredPoint']): number[] {
  return Array.isArray(vector) ? (vector as number[]) : [];
}
