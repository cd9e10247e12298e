import type { Candidate } from './candidate.ts';
import type { Entry, Slots } from './entry.ts';
import { Group, type GroupFilter } from './group.ts';
import type { Strategy } from './strategy.ts';

/** More filters than this are not kept ready: the one that was used longest ago is made anew when it is needed. */
const mostFilters = 16;

/** The groups of one strategy: all candidates, and those of each filter that was asked for. */
export class Groups<C extends Candidate> {
  readonly strategy: Strategy;
  readonly #slots: Slots<C>;
  readonly #filtered = new Map<string, Group<C>>();
  #all: Group<C> | undefined;

  constructor(strategy: Strategy, slots: Slots<C>) {
    this.strategy = strategy;
    this.#slots = slots;
  }

  for(filter: GroupFilter): Group<C> {
    if (filter.region === undefined && filter.tags.length === 0) {
      this.#all ??= new Group(this.strategy, filter, this.#slots);
      return this.#all;
    }
    const key = JSON.stringify([filter.region, ...filter.tags.toSorted()]);
    const group = this.#filtered.get(key) ?? new Group(this.strategy, filter, this.#slots);
    this.#filtered.delete(key);
    this.#filtered.set(key, group);
    if (this.#filtered.size > mostFilters) this.#dropOldest();
    return group;
  }

  update(entry: Entry<C>): void {
    this.#all?.update(entry);
    for (const group of this.#filtered.values()) group.update(entry);
  }

  remove(entry: Entry<C>): void {
    this.#all?.remove(entry);
    for (const group of this.#filtered.values()) group.remove(entry);
  }

  #dropOldest(): void {
    for (const key of this.#filtered.keys()) {
      this.#filtered.delete(key);
      return;
    }
  }
}
