/**
 * Methods of well-known SDKs that may be repeated, by their paths: for `methods` of `wrapClient`. Repeating one does the
 * same as doing it once, or only reads. Methods that create something at each call are missing on purpose.
 *
 * What asks a language model or makes embeddings is listed: a second answer costs a second time, and does no other harm.
 */
export const safeMethods = {
  /** `openai`. Left out: uploads, batches, fine-tuning, threads, and all that is stored by its creation. */
  openai: [
    'chat.completions.create',
    'completions.create',
    'responses.create',
    'embeddings.create',
    'moderations.create',
    'models.list',
    'models.retrieve',
    'files.list',
    'files.retrieve',
    'files.content',
    'batches.retrieve',
    'batches.list',
  ],
  /** `@anthropic-ai/sdk`. Left out: creating batches. */
  anthropic: ['messages.create', 'messages.countTokens', 'models.list', 'models.retrieve'],
  /**
   * `@qdrant/js-client-rest`. Writing a point under its id a second time gives the same point. Left out: creating
   * collections and snapshots, which is refused when it has been done.
   */
  qdrant: [
    'upsert',
    'delete',
    'updateVectors',
    'deleteVectors',
    'setPayload',
    'overwritePayload',
    'deletePayload',
    'clearPayload',
    'batchUpdate',
    'createPayloadIndex',
    'deletePayloadIndex',
    'query',
    'queryBatch',
    'queryGroups',
    'search',
    'searchBatch',
    'searchPointGroups',
    'recommend',
    'discoverPoints',
    'scroll',
    'retrieve',
    'count',
    'facet',
    'getCollection',
    'getCollections',
    'collectionExists',
    'getAliases',
    'versionInfo',
  ],
  /** `@huggingface/inference`. Its streams are started again until their first item has come. */
  huggingFace: [
    'chatCompletion',
    'chatCompletionStream',
    'textGeneration',
    'textGenerationStream',
    'featureExtraction',
    'sentenceSimilarity',
    'summarization',
    'translation',
    'textClassification',
    'tokenClassification',
    'zeroShotClassification',
    'questionAnswering',
    'fillMask',
  ],
  /** A table of `@lancedb/lancedb`. Left out: `add`, which adds a second time. `mergeInsert` by a key does not. */
  lancedbTable: [
    'countRows',
    'schema',
    'delete',
    'version',
    'vectorSearch().toArray',
    'query().toArray',
    'search().toArray',
    'mergeInsert().execute',
  ],
  /**
   * A pool of `pg`. It cannot be seen from outside what a statement does: wrap a pool of its own for those that may be
   * run twice, such as `SELECT` and `INSERT … ON CONFLICT`. Transactions are repeated as a whole, with `retry`.
   */
  pg: ['query'],
  /** `chromadb`, a collection. Left out: `add`, which is refused or doubled. */
  chromaCollection: ['upsert', 'update', 'delete', 'get', 'query', 'count', 'peek'],
  /** `@pinecone-database/pinecone`, an index. */
  pineconeIndex: ['upsert', 'update', 'deleteOne', 'deleteMany', 'deleteAll', 'fetch', 'query', 'describeIndexStats'],
  /** `ollama`. Left out: `pull`, `push` and `create`. */
  ollama: ['generate', 'chat', 'embed', 'list', 'show', 'ps'],
} as const;
