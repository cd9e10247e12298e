import { systemWorld } from '../../kernel/index.ts';
import type { Storage } from '../storage.ts';
import { readCases } from './read-cases.ts';
import { writeCases } from './write-cases.ts';

/** One thing that every storage must do. */
export interface ContractCase {
  /** A sentence that says what. */
  readonly name: string;
  /** Rejects with a sentence when the storage does not. Leaves what it has written. */
  readonly run: (storage: Storage) => Promise<void>;
}

/**
 * What every storage must do, as named cases for any test runner. They write under keys of their own, so that a bucket
 * may be shared.
 *
 * @example
 * for (const { name, run } of storageContract) test(name, () => run(myStorage()));
 */
export const storageContract: readonly ContractCase[] = Object.freeze(
  Object.entries({ ...writeCases, ...readCases }).map(([name, run]) => ({
    name,
    run: (storage: Storage) => run(storage, ownKeys()),
  })),
);

function ownKeys(): (name: string) => string {
  const folder = `contract/${systemWorld.random().toString(36).slice(2)}`;
  return (name) => `${folder}/${name}`;
}
