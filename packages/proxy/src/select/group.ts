import type { Candidate } from './candidate.ts';
import type { Entry, Slots } from './entry.ts';
import { RankTree } from './rank-tree.ts';
import type { ChoicesStrategy, Strategy } from './strategy.ts';
import { WeightTree } from './weight-tree.ts';

/** Which candidates a group holds. */
export interface GroupFilter {
  readonly region?: string | undefined;
  readonly tags: readonly string[];
}

/** What one choice needs besides the candidates. */
export interface ChoiceTerms<C extends Candidate> {
  /** Who must not be chosen. */
  readonly exclude: ReadonlySet<C> | undefined;
  readonly accepts: ((candidate: C) => boolean) | undefined;
  readonly random: () => number;
  /** The usual latency, for candidates that have shown none. */
  readonly typicalMs: number;
}

/** So often a second, different candidate is drawn before the first is taken out of the lottery. */
const luckyDraws = 4;

/**
 * The candidates that a filter lets through, kept so that a strategy finds its choice among them in a few steps,
 * however many they are. Only those that can be used take part.
 */
export class Group<C extends Candidate> {
  readonly strategy: Strategy;
  readonly #filter: GroupFilter;
  readonly #slots: Slots<C>;
  readonly #tree: RankTree | WeightTree;

  constructor(strategy: Strategy, filter: GroupFilter, slots: Slots<C>) {
    this.strategy = strategy;
    this.#filter = filter;
    this.#slots = slots;
    this.#tree = strategy.kind === 'rank' ? new RankTree() : new WeightTree();
    this.#tree.fill(slots.length, (slot) => this.#valueOf(slots[slot]));
  }

  /** Takes in a candidate that is new or has changed. */
  update(entry: Entry<C>): void {
    const { slot } = entry;
    this.#tree.reserve(slot + 1);
    const value = this.#valueOf(entry);
    if (Number.isNaN(value)) this.#tree.clear(slot);
    else this.#tree.set(slot, value);
  }

  remove({ slot }: Entry<C>): void {
    this.#tree.clear(slot);
  }

  /** The strategy's choice. */
  choose(terms: ChoiceTerms<C>): Entry<C> | undefined {
    const barred: Entry<C>[] = [];
    const { strategy } = this;
    const chosen = strategy.kind === 'choices' ? this.#chooseOfTwo(strategy, terms, barred) : this.#pick(terms, barred);
    for (const entry of barred) this.update(entry);
    return chosen;
  }

  /** What a rank strategy goes by; `undefined` for the others. */
  rankOf({ candidate, turn }: Entry<C>): number | undefined {
    const { strategy } = this;
    return strategy.kind === 'rank' ? strategy.rank(candidate, this.#filter.region !== undefined, turn) : undefined;
  }

  /** The first that the tree gives and the request accepts: whom it does not accept is seldom the first. */
  #pick({ exclude, accepts, random }: ChoiceTerms<C>, barred: Entry<C>[]): Entry<C> | undefined {
    for (;;) {
      const slot = this.#tree instanceof RankTree ? this.#tree.best() : this.#tree.draw(random);
      const entry = slot === undefined ? undefined : this.#slots[slot];
      if (entry === undefined) return undefined;
      const isBarred = exclude?.has(entry.candidate) === true || accepts?.(entry.candidate) === false;
      if (!isBarred) return entry;
      this.#bar(entry, barred);
    }
  }

  #chooseOfTwo(strategy: ChoicesStrategy, terms: ChoiceTerms<C>, barred: Entry<C>[]): Entry<C> | undefined {
    const first = this.#pick(terms, barred);
    if (first === undefined) return undefined;
    let second = this.#pick(terms, barred);
    for (let draws = 1; second === first && draws < luckyDraws; draws++) second = this.#pick(terms, barred);
    if (second === first) {
      this.#bar(first, barred);
      second = this.#pick(terms, barred);
    }
    if (second === undefined) return first;
    const load = ({ candidate }: Entry<C>): number => strategy.load(candidate, terms.typicalMs);
    return load(second) < load(first) ? second : first;
  }

  /** Keeps a candidate out until the choice is made. */
  #bar(entry: Entry<C>, barred: Entry<C>[]): void {
    barred.push(entry);
    this.#tree.clear(entry.slot);
  }

  #admits(candidate: C): boolean {
    const { region, tags } = this.#filter;
    // What no filter asks for is not looked at: of very many candidates, looking is what takes time.
    if (region !== undefined && candidate.region !== region) return false;
    return tags.every((tag) => candidate.tags.includes(tag));
  }

  /** What the tree holds of it; `NaN` where it takes no part, or the strategy makes no sense of it. */
  #valueOf(entry: Entry<C> | undefined): number {
    if (entry?.isAvailable !== true || !this.#admits(entry.candidate)) return Number.NaN;
    if (this.strategy.kind === 'lot') return Math.max(0, this.strategy.weight(entry.candidate));
    return this.rankOf(entry) ?? 1;
  }
}
