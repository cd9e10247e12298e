import { VectorStoreRetriever } from '@langchain/core/vectorstores';
import { RunnableLambda, RunnablePassthrough, RunnableSequence } from '@langchain/core/runnables';
import { QdrantClient } from '@qdrant/js-client-rest';
import { constant, ledgerOf, retry } from 'mulligan';
import { clientErrors, safeMethods, wrapClient } from 'mulligan/clients';
import { PartialUpsertError, QdrantVectorStore, type QdrantVectorStoreOptions } from 'mulligan/clients/qdrant';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type QdrantTrouble, serveQdrant } from '../../examples/support/qdrant-like.ts';
import { hurriedWorld } from './support/clients/hurried-world.ts';
import { LetterEmbeddings, lettersOf } from './support/clients/letters.ts';

// Qdrant's own server comes neither from npm nor from Debian: this one follows its OpenAPI document.
const start = async (trouble?: QdrantTrouble, options: QdrantVectorStoreOptions = {}) => {
  const server = await serveQdrant(trouble);
  onTestFinished(() => server.close());
  const embeddings = new LetterEmbeddings();
  const store = new QdrantVectorStore(embeddings, { url: server.url, retry: quick, ...options });
  return { server, embeddings, store, client: new QdrantClient({ url: server.url, checkCompatibility: false }) };
};

const quick = { attempts: 4, backoff: constant(1) };
const documents = ['apple pie', 'banana bread', 'cherry cake', 'date dessert'].map((pageContent, page) => ({
  pageContent,
  metadata: { page },
}));

/** Fails the first requests to points in this way. */
const failing = (times: number, status: number, headers: Record<string, string> = {}): QdrantTrouble => {
  let left = times;
  return (reply, { path }) => {
    if (!path.includes('/points') || left-- <= 0) return false;
    if (status === 0) reply.destroy();
    else reply.writeHead(status, { 'content-type': 'application/json', ...headers }).end('{"status":{"error":"busy"}}');
    return true;
  };
};

describe('a vector store', () => {
  it('adds, finds, filters and deletes', async () => {
    const { store, server } = await start();
    const ids = await store.addDocuments(documents);
    expect(new Set(ids).size).toBe(4);
    expect(await store.similaritySearch('appel', 1)).toEqual([{ id: ids[0], ...documents[0] }]);
    const [[nearest, score] = []] = await store.similaritySearchVectorWithScore(lettersOf('bread banana'), 2);
    expect([nearest?.pageContent, score]).toEqual(['banana bread', expect.closeTo(1, 5)]);
    const filter = { must: [{ key: 'metadata.page', match: { value: 3 } }] };
    expect(await store.similaritySearch('apple', 4, filter)).toMatchObject([{ pageContent: 'date dessert' }]);
    await store.delete({ ids: [ids[0]!] });
    await store.delete({ filter });
    expect(server.points('documents')).toHaveLength(2);
    await expect(store.delete({})).rejects.toThrow('delete needs ids or a filter');
  });

  it.each([
    ['a reset', 0, {}],
    ['a 503', 503, {}],
    ['a 429 without a word', 429, {}],
    ['a 429 whose wait is a date, which the client cannot read', 429, { 'retry-after': new Date().toUTCString() }],
  ])('survives %s, embedding once', async (_, status, headers) => {
    const { store, server, embeddings } = await start(failing(2, status, headers));
    await store.addDocuments(documents);
    expect(server.points('documents')).toHaveLength(4);
    expect(server.requests.filter(({ path }) => path.endsWith('/points'))).toHaveLength(3);
    expect(embeddings.calls).toBe(1);
  });

  it.each([
    ['search', (store: QdrantVectorStore) => store.similaritySearch('x')],
    ['search by vector', (store: QdrantVectorStore) => store.similaritySearchVectorWithScore(lettersOf('x'), 1)],
    ['adding', (store: QdrantVectorStore) => store.addDocuments(documents)],
    ['deleting', (store: QdrantVectorStore) => store.delete({ ids: [1] })],
  ])('makes 4 requests of one %s and no more', async (_, call) => {
    const { store, server } = await start(failing(99, 503));
    const error = await call(store).catch((error: unknown) => error);
    expect(error).toMatchObject({ status: 503 });
    expect(ledgerOf(error)?.attempts).toBe(4);
    expect(server.requests.filter(({ path }) => path.includes('/points'))).toHaveLength(4);
  });

  it('does not retry what cannot get better', async () => {
    const { store, server } = await start();
    await store.addDocuments(documents);
    await expect(store.addVectors([[1, 2]], [documents[0]!])).rejects.toMatchObject({ status: 400 });
    expect(server.requests.filter(({ path }) => path.endsWith('/points'))).toHaveLength(2);
  });

  it('waits for what a 429 asks, and else from 1 s to 30 s, 3 times', async () => {
    const asked = hurriedWorld();
    const { store } = await start(failing(1, 429, { 'retry-after': '7' }), { retry: { world: asked } });
    await store.addDocuments(documents);
    expect(asked.waits).toEqual([7000]);
    const backingOff = hurriedWorld();
    const { store: other } = await start(failing(99, 503), { retry: { world: backingOff } });
    await expect(other.similaritySearch('x')).rejects.toMatchObject({ status: 503 });
    expect(backingOff.waits).toEqual([1000, 2000, 4000]);
  });

  it('sends only the batch that failed again, and says what is stored', async () => {
    const batches: number[] = [];
    const trouble: QdrantTrouble = (reply, { path, body }) => {
      if (!path.endsWith('/points')) return false;
      const { points } = JSON.parse(body) as { points: { id: number }[] };
      batches.push(points[0]!.id);
      const isBad = points[0]!.id === 2 && batches.length < 4;
      if (isBad) reply.destroy();
      return isBad;
    };
    const { store, server } = await start(trouble, { batchSize: 2 });
    expect(await store.addDocuments(documents, { ids: [0, 1, 2, 3] })).toEqual(['0', '1', '2', '3']);
    expect(batches).toEqual([0, 2, 2, 2]);
    expect(server.points('documents')).toHaveLength(4);
  });

  it('tells after a batch was given up which points to add again', async () => {
    let isDown = true;
    const trouble: QdrantTrouble = (reply, { body }) => {
      const isBad = isDown && body.includes('"id":2');
      if (isBad) reply.writeHead(503).end();
      return isBad;
    };
    const { store, server } = await start(trouble, { batchSize: 2 });
    const error = await store.addDocuments(documents, { ids: [0, 1, 2, 3] }).catch((error: unknown) => error);
    expect(error).toBeInstanceOf(PartialUpsertError);
    const { storedIds, failedIds } = error as PartialUpsertError;
    expect([storedIds, failedIds]).toEqual([
      [0, 1],
      [2, 3],
    ]);
    isDown = false;
    await store.addDocuments(documents.slice(2), { ids: failedIds });
    expect(server.points('documents')).toHaveLength(4);
  });

  it('is made in the three ways of LangChain, also by two at once', async () => {
    const { server, embeddings } = await start();
    const options = { url: server.url, collectionName: 'texts', retry: quick };
    const [store] = await Promise.all([
      QdrantVectorStore.fromTexts(['a', 'b'], [{ n: 1 }, { n: 2 }], embeddings, options),
      QdrantVectorStore.fromTexts(['c'], { n: 3 }, embeddings, options),
    ]);
    expect(server.points('texts')).toHaveLength(3);
    expect(await store.similaritySearch('b', 1)).toMatchObject([{ pageContent: 'b', metadata: { n: 2 } }]);
    const again = await QdrantVectorStore.fromExistingCollection(embeddings, options);
    expect(await again.similaritySearchWithScore('c', 1)).toMatchObject([[{ metadata: { n: 3 } }, expect.any(Number)]]);
    await QdrantVectorStore.fromDocuments(documents, embeddings, { ...options, collectionName: 'more' });
    expect(server.points('more')).toHaveLength(4);
  });

  it('creates its collection once, whatever happens to the answer', async () => {
    let isFirst = true;
    const trouble: QdrantTrouble = (reply, { method, path }) => {
      if (method !== 'PUT' || path !== '/collections/documents' || !isFirst) return false;
      isFirst = false;
      reply.destroy();
      return true;
    };
    const { store, server } = await start(trouble);
    await store.ensureCollection();
    await store.ensureCollection();
    expect(server.requests.filter(({ method }) => method === 'PUT')).toHaveLength(2);
  });

  it('finds results that differ from each other', async () => {
    const { store } = await start();
    await store.addDocuments(['aaaa', 'aaab', 'zzz'].map((pageContent) => ({ pageContent, metadata: {} })));
    const found = await store.maxMarginalRelevanceSearch('aaa', { k: 2, lambda: 0.1 });
    expect(found.map(({ pageContent }) => pageContent)).toEqual(['aaaa', 'zzz']);
  });

  it('answers a mistake in a sentence', async () => {
    expect(() => new QdrantVectorStore(undefined as never)).toThrow('an embeddings object like those of LangChain');
    expect(() => new QdrantVectorStore(new LetterEmbeddings(), { colectionName: 'x' } as never)).toThrow(
      'did you mean',
    );
    const { store } = await start();
    await expect(store.addVectors([[1]], documents)).rejects.toThrow('as many vectors and ids as documents');
    expect(await store.addVectors([], [])).toEqual([]);
  });
});

describe('in LangChain', () => {
  const contentOf = (found: { pageContent: string }[]): string => found.map(({ pageContent }) => pageContent).join();

  it('gives a retriever that chains take for one of their own', async () => {
    const { store } = await start(failing(1, 503));
    await store.addDocuments(documents);
    const retriever = store.asRetriever(1);
    expect(await retriever.invoke('cake cherry')).toMatchObject([{ pageContent: 'cherry cake' }]);
    expect(await retriever.batch(['pie', 'bread'])).toMatchObject([
      [{ metadata: { page: 0 } }],
      [{ metadata: { page: 1 } }],
    ]);
    const answer = new RunnableLambda({
      func: ({ context, question }: { context: string; question: string }) => `${question}: ${context}`,
    });
    const chain = RunnableSequence.from([
      { context: retriever.pipe(contentOf) as never, question: new RunnablePassthrough<string>() },
      answer,
    ]);
    expect(await chain.invoke('pie')).toBe('pie: apple pie');
    const inSequence = RunnableSequence.from<string, string>([
      new RunnablePassthrough<string>(),
      retriever as never,
      new RunnableLambda({ func: contentOf }),
    ]);
    expect(await inSequence.invoke('pie')).toBe('apple pie');
    const pieces: string[] = [];
    for await (const piece of await inSequence.stream('pie')) pieces.push(piece);
    expect(pieces).toEqual(['apple pie']);
    const filter = { must: [{ key: 'metadata.page', match: { value: 3 } }] };
    expect(await store.asRetriever(4, filter).invoke('pie')).toMatchObject([{ pageContent: 'date dessert' }]);
    expect(
      await store.asRetriever({ k: 2, searchType: 'mmr', searchKwargs: { fetchK: 3 } }).invoke('pie'),
    ).toHaveLength(2);
    for await (const found of await retriever.stream('pie')) expect(contentOf(found)).toBe('apple pie');
  });

  it('is the store of a retriever, and so of a chain', async () => {
    const { store, server } = await start(failing(1, 503));
    await store.addDocuments(documents);
    const retriever = store.asRetriever(VectorStoreRetriever, 1);
    expect(retriever).toBeInstanceOf(VectorStoreRetriever);
    expect(await retriever.invoke('cake cherry')).toMatchObject([{ pageContent: 'cherry cake' }]);
    const chain = RunnableSequence.from([
      retriever,
      new RunnableLambda({ func: (found: { pageContent: string }[]) => found.map((each) => each.pageContent).join() }),
    ]);
    expect(await chain.invoke('pie')).toBe('apple pie');
    await retriever.addDocuments([{ pageContent: 'egg', metadata: {} }]);
    expect(server.points('documents')).toHaveLength(5);
    const diverse = store.asRetriever(VectorStoreRetriever, { k: 2, searchType: 'mmr' });
    expect(await diverse.invoke('egg')).toHaveLength(2);
  });
});

describe('the official client in wrapClient', () => {
  const policy = retry({ ...quick, on: clientErrors() });

  it('is retried, with its types', async () => {
    const { client, server } = await start(failing(2, 503));
    const wrapped = wrapClient(client, policy, { methods: safeMethods.qdrant });
    await wrapped.createCollection('c', { vectors: { size: 2, distance: 'Dot' } });
    const { status } = await wrapped.upsert('c', { wait: true, points: [{ id: 1, vector: [1, 2], payload: {} }] });
    expect(status).toBe('completed');
    expect((await wrapped.count('c')).count).toBe(1);
    expect(server.requests.filter(({ path }) => path.endsWith('/points'))).toHaveLength(3);
  });

  it('is not retried where it is not listed', async () => {
    const { client, server } = await start((reply) => (reply.writeHead(503).end(), true));
    const wrapped = wrapClient(client, policy, { methods: ['query'] });
    await expect(wrapped.deleteCollection('c')).rejects.toMatchObject({ status: 503 });
    expect(server.requests).toHaveLength(1);
  });
});
