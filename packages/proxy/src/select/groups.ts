import type { Candidate } from './candidate.ts';
import type { Entry, Slots } from './entry.ts';
import { type ChoiceTerms, Group, type GroupFilter } from './group.ts';
import type { SelectionRequest } from './selection-request.ts';
import type { Strategy } from './strategy.ts';

/** More filters than this are not kept ready: the one that was used longest ago is made anew when it is needed. */
const mostFilters = 16;

type RegionWish = Pick<SelectionRequest, 'region' | 'regionOnly' | 'tags'>;

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

  /** The strategy's choice for a request: the region that it names comes first, or weighs in. */
  choose({ region, regionOnly, tags = [] }: RegionWish, terms: ChoiceTerms<C>): Entry<C> | undefined {
    if (region === undefined) return this.#for({ tags }).choose(terms);
    const nearby = this.#for({ region, tags });
    const near = nearby.choose(terms);
    if (regionOnly === true || (near !== undefined && !this.#weighsRegion)) return near;
    const everywhere = this.#for({ tags });
    const any = everywhere.choose(terms);
    if (near === undefined || any === undefined) return near ?? any;
    const [nearRank = 0, anyRank = 0] = [nearby.rankOf(near), everywhere.rankOf(any)];
    const isNearer = nearRank === anyRank ? near.slot < any.slot : nearRank > anyRank;
    return isNearer ? near : any;
  }

  get #weighsRegion(): boolean {
    return this.strategy.kind === 'rank' && this.strategy.weighsRegion === true;
  }

  #for(filter: GroupFilter): Group<C> {
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
