// Seed 2: the vector store client, whose operations retry.
// #region store
import { exponential } from 'mulligan';
import { QdrantVectorStore } from 'mulligan/clients/qdrant';
// #endregion
// #region partial
import { PartialUpsertError } from 'mulligan/clients/qdrant';
// #endregion
import { embeddings } from './support/letters.ts';
import { serveQdrant } from './support/qdrant-like.ts';

let searches = 0;
let isFull = false;
const server = await serveQdrant((reply, { path, body }) => {
  const isTrouble = (path.endsWith('/query') && ++searches === 1) || (isFull && body.includes('"id":3'));
  if (isTrouble) reply.writeHead(503).end();
  return isTrouble;
});
const { url } = server;

// #region store
const vectorStore = new QdrantVectorStore(embeddings, {
  url,
  collectionName: 'documents',
  // These are the defaults.
  retry: { attempts: 4, backoff: exponential({ initial: '1s', max: '30s' }) },
});

await vectorStore.addDocuments([
  { pageContent: 'The sky is blue.', metadata: { page: 1 } },
  { pageContent: 'Grass is green.', metadata: { page: 2 } },
]);
// Again after failures of the connection and bad answers of the server; the query is embedded once.
const documents = await vectorStore.similaritySearch('Which colour has the sky?', 1);
// #endregion

console.log(`${documents[0]?.pageContent} (page ${String(documents[0]?.metadata['page'])}), ${searches} searches`);

isFull = true;
const store = new QdrantVectorStore(embeddings, { url, batchSize: 2, retry: { attempts: 2, backoff: () => 1 } });
const pages = ['one', 'two', 'three', 'four'].map((pageContent) => ({ pageContent, metadata: {} }));

// #region partial
try {
  await store.addDocuments(pages, { ids: [1, 2, 3, 4] });
} catch (error) {
  if (!(error instanceof PartialUpsertError)) throw error;
  // Batches that are stored are not sent again.
  console.log(`stored ${error.storedIds.join(', ')}; still to add: ${error.failedIds.join(', ')}`);
}
// #endregion

await server.close();
