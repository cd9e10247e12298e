import type { Candidate } from './candidate.ts';

/** One candidate, and what the selector knows of it. */
export interface Entry<C extends Candidate> {
  readonly candidate: C;
  /** Its place in every group; the higher, the later it was added. */
  slot: number;
  isAvailable: boolean;
  /** When its availability is looked at again; `Infinity` when nobody will. */
  wakeMs: number;
  /** When it was chosen last: 0 for never, and higher the later. */
  turn: number;
}

/** All entries by their slots, in the order in which they were added; a hole where one was removed. */
export type Slots<C extends Candidate> = readonly (Entry<C> | undefined)[];
