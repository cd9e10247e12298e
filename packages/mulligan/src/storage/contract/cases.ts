import type { Storage } from '../storage.ts';

/** What the cases are written as: `at` makes keys that no other case uses. */
export type Cases = Readonly<Record<string, (storage: Storage, at: (name: string) => string) => Promise<void>>>;
