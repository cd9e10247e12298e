import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import { vector } from '@electric-sql/pglite-pgvector';
import { PGLiteSocketServer } from '@electric-sql/pglite-socket';
// #region lancedb
import * as lancedb from '@lancedb/lancedb';
// #endregion
import { constant, ledgerOf, retry } from 'mulligan';
// #region pgvector
import { isTransientPostgres, safeMethods, wrapClient } from 'mulligan/clients';
import pg from 'pg';
// #endregion
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { describeWithProgram } from '../support/program.ts';
import { type BreakingProxy, startBreakingProxy } from './support/clients/breaking-proxy.ts';
import { lettersOf } from './support/clients/letters.ts';
import { type PostgresServer, startPostgres } from './support/clients/postgres-server.ts';

const options = { attempts: 4, backoff: constant(1) };

// #region pgvector
const policy = retry({ ...options, on: isTransientPostgres });

// Of this pool every statement may be run twice: reads, and upserts under a key.
const vectorsOf = (pool: pg.Pool): pg.Pool => wrapClient(pool, policy, { methods: safeMethods.pg });

const upsert = `INSERT INTO docs VALUES ($1, $2, $3)
  ON CONFLICT (id) DO UPDATE SET text = excluded.text, place = excluded.place`;
const nearest = 'SELECT text FROM docs ORDER BY place <=> $1 LIMIT $2';
// #endregion

// #region lancedb
const search = retry({ ...options });

async function nearestTo(table: lancedb.Table, vector: number[]): Promise<unknown[]> {
  const resilient = wrapClient(table, search, { methods: safeMethods.lancedbTable });
  // `vectorSearch()` gives a builder, whose `toArray` is what is retried.
  return resilient.vectorSearch(vector).limit(1).toArray();
}
// #endregion

const texts = ['apple pie', 'banana bread', 'cherry cake'];
/** A database in WebAssembly takes its time to begin where others want the processor, too. */
const slowStart = 180_000;
const asText = (vector: readonly number[]): string => `[${vector.join(',')}]`;

function poolOn(port: number): pg.Pool {
  const pool = new pg.Pool({ host: '127.0.0.1', port, user: 'test', database: 'postgres', max: 4 });
  pool.on('error', () => {});
  return pool;
}

// pgvector is in no package of this Debian; this is the real one in WebAssembly, asked by the real client over TCP.
describe('pgvector, through wrapClient on the real client', () => {
  let db: PGlite;
  let server: PGLiteSocketServer;
  let proxy: BreakingProxy;
  let pool: pg.Pool;

  beforeAll(async () => {
    db = await PGlite.create({ extensions: { vector } });
    await db.exec('CREATE EXTENSION vector; CREATE TABLE docs (id int PRIMARY KEY, text text, place vector(26))');
    await db.exec('CREATE SEQUENCE tries');
    server = new PGLiteSocketServer({ db, port: 0, host: '127.0.0.1', maxConnections: 8 });
    await server.start();
    proxy = await startBreakingProxy(Number(server.getServerConn().split(':')[1]));
    pool = poolOn(proxy.port);
  }, slowStart);

  afterAll(async () => {
    await pool.end();
    await proxy.close();
    await server.stop();
    await db.close();
  });

  it('writes and finds vectors over connections that break', async () => {
    const client = vectorsOf(pool);
    for (const [id, text] of texts.entries()) {
      proxy.breakNext(2);
      await client.query(upsert, [id, text, asText(lettersOf(text))]);
    }
    proxy.breakNext(1);
    const { rows } = await client.query<{ text: string }>(nearest, [asText(lettersOf('bread of bananas')), 1]);
    expect(rows).toEqual([{ text: 'banana bread' }]);
    expect((await client.query('SELECT * FROM docs')).rowCount).toBe(3);
  });

  it('makes as many attempts as the policy says, and no more', async () => {
    const before = proxy.accepted;
    proxy.breakNext(99);
    const error = await vectorsOf(pool)
      .query('SELECT 1')
      .catch((error: unknown) => error);
    proxy.breakNext(0);
    expect(ledgerOf(error)?.attempts).toBe(4);
    expect(proxy.accepted - before).toBeLessThanOrEqual(4);
  });

  it.each(['40001', '40P01', '53300', '57P03', '08006'])('repeats what fails with SQLSTATE %s', async (state) => {
    await db.exec('ALTER SEQUENCE tries RESTART');
    // A sequence is not rolled back: it counts the attempts.
    const statement = `DO $$ BEGIN IF nextval('tries') < 3 THEN RAISE EXCEPTION 'now' USING ERRCODE = '${state}'; END IF; END $$`;
    await vectorsOf(pool).query(statement);
    expect((await pool.query<{ last_value: string }>('SELECT last_value FROM tries')).rows[0]!.last_value).toBe('3');
  });

  it.each([
    ['a syntax error', 'SELEC 1', '42601'],
    ['a duplicate', "INSERT INTO docs VALUES (0, 'x', NULL)", '23505'],
    ['a vector of another size', "INSERT INTO docs VALUES (9, 'x', '[1,2]')", '22000'],
  ])('does not repeat %s', async (_, statement, code) => {
    const error = await vectorsOf(pool)
      .query(statement)
      .catch((error: unknown) => error);
    expect(error).toMatchObject({ code });
    expect(ledgerOf(error)?.attempts).toBe(1);
  });

  it('wraps the clients that a pool lends, too', async () => {
    const client = await wrapClient(pool, policy, { methods: ['connect().query'] }).connect();
    expect((await client.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }]);
    client.release();
  });
});

describeWithProgram('postgres', 'a PostgreSQL server of Debian', (program) => {
  let server: PostgresServer;
  let pool: pg.Pool;

  beforeAll(async () => {
    server = await startPostgres(program);
    pool = poolOn(server.port);
    // It refuses connections at first, and then answers 57P03 for a moment: isTransientPostgres knows both.
    await retry(() => pool.query('CREATE TABLE counters (id int PRIMARY KEY, n int)'), {
      attempts: Infinity,
      timeout: '100s',
      backoff: constant(50),
      on: isTransientPostgres,
    });
    await pool.query('INSERT INTO counters SELECT id, 0 FROM generate_series(1, 2) AS id');
  }, slowStart);

  afterAll(async () => {
    await pool.end();
    await server.close();
  });

  /** Runs a transaction on a connection of its own. */
  const transaction = async (work: (client: pg.PoolClient) => Promise<void>): Promise<void> => {
    const client = await pool.connect();
    try {
      await work(client);
      await client.query('COMMIT');
      client.release();
    } catch (error) {
      client.release(true);
      throw error;
    }
  };

  it('lets every one of several transactions in, however they stand in each other’s way', async () => {
    const add = policy(() =>
      transaction(async (client) => {
        await client.query('BEGIN ISOLATION LEVEL SERIALIZABLE');
        const { rows } = await client.query<{ n: number }>('SELECT n FROM counters WHERE id = 1');
        await client.query('UPDATE counters SET n = $1 WHERE id = 1', [rows[0]!.n + 1]);
      }),
    );
    const patient = retry({ attempts: 50, backoff: constant(2), on: isTransientPostgres });
    await Promise.all([1, 2, 3].map(() => patient.execute(() => add())));
    expect((await pool.query<{ n: number }>('SELECT n FROM counters WHERE id = 1')).rows).toEqual([{ n: 3 }]);
  });

  it('resolves a deadlock by repeating its victim', async () => {
    const states: unknown[] = [];
    let arrived = 0;
    let bothAreHere = (): void => {};
    const meeting = new Promise<void>((resolve) => (bothAreHere = resolve));
    const move = (from: number, to: number): Promise<void> =>
      retry(
        () =>
          transaction(async (client) => {
            await client.query('BEGIN');
            await client.query('UPDATE counters SET n = n - 1 WHERE id = $1', [from]);
            if (++arrived === 2) bothAreHere();
            await meeting;
            await client.query('UPDATE counters SET n = n + 1 WHERE id = $1', [to]);
          }),
        { on: isTransientPostgres, onRetry: ({ cause }) => void states.push((cause as { code: string }).code) },
      );
    await Promise.all([move(1, 2), move(2, 1)]);
    expect(states).toEqual(['40P01']);
  });

  // Debian 12 has it in no package; whoever has installed it gets it tested as well.
  if (existsSync('/usr/share/postgresql/15/extension/vector.control')) {
    it('keeps vectors', async () => {
      await pool.query('CREATE EXTENSION vector');
      await pool.query('CREATE TABLE docs (id int PRIMARY KEY, text text, place vector(26))');
      for (const [id, text] of texts.entries()) {
        await vectorsOf(pool).query(upsert, [id, text, asText(lettersOf(text))]);
      }
      const { rows } = await vectorsOf(pool).query(nearest, [asText(lettersOf('bread')), 1]);
      expect(rows).toEqual([{ text: 'banana bread' }]);
    });
  }

  it('survives an administrator who ends the connection', async () => {
    const client = wrapClient(pool, policy, { methods: ['query'] });
    const states: unknown[] = [];
    // The first try sleeps until it is ended.
    await pool.query('CREATE SEQUENCE sleeps');
    const sleep = "SELECT pg_sleep(CASE WHEN nextval('sleeps') = 1 THEN 50 ELSE 0 END)";
    const busy = retry(() => pool.query(sleep), {
      on: isTransientPostgres,
      backoff: constant(1),
      onRetry: ({ cause }) => void states.push((cause as { code: string }).code),
    });
    const killed =
      'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE $1 AND pid <> pg_backend_pid()';
    const kill = async () => (await client.query(killed, ['SELECT pg_sleep(%'])).rowCount;
    await expect.poll(kill, { timeout: 10_000 }).toBe(1);
    await busy;
    expect(states).toEqual(['57P01']);
  });
});

describe('LanceDB, embedded, through wrapClient', () => {
  const open = async () => {
    const folder = await mkdtemp(join(tmpdir(), 'mulligan-lance-'));
    onTestFinished(() => rm(folder, { recursive: true }));
    const db = await lancedb.connect(folder);
    const rows = texts.map((text, id) => ({ id, text, vector: lettersOf(text) }));
    return { db, table: await db.createTable('docs', rows) };
  };

  it('searches, writes and counts; builders stay builders', async () => {
    const { table } = await open();
    const client = wrapClient(table, policy, { methods: safeMethods.lancedbTable });
    const found = await nearestTo(table, lettersOf('cherries'));
    expect(found).toMatchObject([{ text: 'cherry cake' }]);
    await client
      .mergeInsert('id')
      .whenMatchedUpdateAll()
      .whenNotMatchedInsertAll()
      .execute([{ id: 3, text: 'date', vector: lettersOf('date') }]);
    expect(await client.countRows()).toBe(4);
    expect(await client.query().where('id = 3').toArray()).toMatchObject([{ text: 'date' }]);
    expect(client.isOpen()).toBe(true);
  });

  it('repeats what fails in passing, and nothing else', async () => {
    const { table } = await open();
    let failures = 2;
    const countRows = table.countRows.bind(table);
    table.countRows = async (filter) => {
      if (failures-- > 0) throw Object.assign(new Error('lost'), { code: 'ECONNRESET' });
      return countRows(filter);
    };
    const client = wrapClient(table, policy, { methods: ['countRows', 'delete'] });
    expect(await client.countRows()).toBe(3);
    const error = await client.countRows('no such column').catch((error: unknown) => error);
    expect(error).toBeInstanceOf(Error);
    expect(ledgerOf(error)?.attempts).toBe(1);
  });

  it('lets both of two writers in who change the table at the same time', async () => {
    const { db, table } = await open();
    const isConflict = (error: unknown): boolean => error instanceof Error && /conflict/iu.test(error.message);
    const writing = retry({ attempts: 20, backoff: constant(5), on: isConflict });
    const writers = await Promise.all([db.openTable('docs'), db.openTable('docs'), db.openTable('docs')]);
    await Promise.all(
      writers.map((writer, n) =>
        wrapClient(writer, writing, { methods: ['update'] }).update({ where: 'id = 0', values: { text: `text ${n}` } }),
      ),
    );
    await table.checkoutLatest();
    expect(await table.countRows()).toBe(3);
  });
});
