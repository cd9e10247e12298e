import { checkDuration, type Duration, InvalidOptionError, systemWorld, type Timer, type World } from 'mulligan';
import type { BreakerRecord } from './answers.ts';
import type { HourSnapshot } from './hour-bucket.ts';
import type { RetryMetrics } from './retry-metrics.ts';

/** Options of {@link persistMetrics}. */
export interface PersistOptions {
  /** How often what is new is written. @default '1m' */
  readonly interval?: Duration;
  /** Told when it cannot be written; it is tried again the next time. @default a warning on the console */
  readonly onError?: (error: Error) => void;
  readonly world?: World;
}

/** Metrics that are kept in a file. */
export interface PersistedMetrics {
  /** Writes what is new, now. */
  save(): void;
  /** Writes what is new, and lets go of the file. */
  close(): void;
}

/** What is used of `node:sqlite`, which the oldest Node that we run on does not have. */
interface Sqlite {
  readonly DatabaseSync: new (path: string) => Database;
}

interface Database {
  exec(sql: string): void;
  prepare(sql: string): Statement;
  close(): void;
}

interface Statement {
  run(...values: readonly (number | string)[]): unknown;
  all(): readonly Readonly<Record<string, unknown>>[];
}

const schema = `
  CREATE TABLE IF NOT EXISTS hours (hour_at INTEGER PRIMARY KEY, sums TEXT NOT NULL);
  CREATE TABLE IF NOT EXISTS breaker_events (number INTEGER PRIMARY KEY, event TEXT NOT NULL);
`;

/**
 * Takes up metrics from a SQLite file, and keeps them there from now on: the sums by the hour and the changes of
 * breakers, not the single attempts. Only one process may use a file.
 * @throws {InvalidOptionError} where this Node has no `node:sqlite`, and for a file that is no such database
 */
export function persistMetrics(metrics: RetryMetrics, path: string, options: PersistOptions = {}): PersistedMetrics {
  const { interval = '1m', onError = warn, world = systemWorld } = options;
  const intervalMs = checkDuration('interval', interval, 100);
  const database = open(path);
  metrics.restore(read(database));
  return new Persisted(metrics, database, { intervalMs, onError, world });
}

interface PersistPlan {
  readonly intervalMs: number;
  readonly onError: (error: Error) => void;
  readonly world: World;
}

class Persisted implements PersistedMetrics {
  readonly #metrics: RetryMetrics;
  readonly #database: Database;
  readonly #plan: PersistPlan;
  #savedAt = 0;
  #timer: Timer;
  #isClosed = false;

  constructor(metrics: RetryMetrics, database: Database, plan: PersistPlan) {
    this.#metrics = metrics;
    this.#database = database;
    this.#plan = plan;
    this.#timer = this.#schedule();
  }

  save(): void {
    const at = this.#plan.world.wallNow();
    const { hours, breakerEvents } = this.#metrics.snapshot(this.#savedAt);
    const kept = this.#metrics.hourlyAggregates[0]?.hourAt ?? at;
    inTransaction(this.#database, () => {
      this.#database.prepare('DELETE FROM hours WHERE hour_at < ?').run(kept);
      const putHour = this.#database.prepare('INSERT OR REPLACE INTO hours VALUES (?, ?)');
      for (const hour of hours) putHour.run(hour.hourAt, JSON.stringify(hour));
      this.#database.exec('DELETE FROM breaker_events');
      const putEvent = this.#database.prepare('INSERT INTO breaker_events (event) VALUES (?)');
      for (const event of breakerEvents) putEvent.run(JSON.stringify(event));
    });
    this.#savedAt = at;
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#timer.cancel();
    this.#trySave();
    this.#database.close();
  }

  #schedule(): Timer {
    const timer = this.#plan.world.setTimer(() => {
      this.#trySave();
      this.#timer = this.#schedule();
    }, this.#plan.intervalMs);
    timer.unref();
    return timer;
  }

  #trySave(): void {
    try {
      this.save();
    } catch (error) {
      this.#plan.onError(error instanceof Error ? error : new Error(String(error)));
    }
  }
}

function open(path: string): Database {
  const sqlite = process.getBuiltinModule('node:sqlite') as Sqlite | undefined;
  if (sqlite === undefined) {
    const message = `metrics can be kept in a file only where Node has node:sqlite (from 22.13), and this is ${process.version}`;
    throw new InvalidOptionError('file', path, message);
  }
  try {
    const database = new sqlite.DatabaseSync(path);
    database.exec(schema);
    return database;
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new InvalidOptionError('file', path, `metrics cannot be kept in ${path}: ${why}`);
  }
}

function read(database: Database): { hours: HourSnapshot[]; breakerEvents: BreakerRecord[] } {
  const column = (query: string): unknown[] =>
    database
      .prepare(query)
      .all()
      .map((row) => JSON.parse(String(row['text'])) as unknown);
  return {
    hours: column('SELECT sums AS text FROM hours ORDER BY hour_at') as HourSnapshot[],
    breakerEvents: column('SELECT event AS text FROM breaker_events ORDER BY number') as BreakerRecord[],
  };
}

function inTransaction(database: Database, work: () => void): void {
  database.exec('BEGIN');
  try {
    work();
    database.exec('COMMIT');
  } catch (error) {
    database.exec('ROLLBACK');
    throw error;
  }
}

function warn(error: Error): void {
  console.warn(`mulligan: metrics could not be written: ${error.message}`);
}
