/** A place in a {@link Chain}. */
export interface Link<T> {
  readonly value: T;
  previous: Link<T> | undefined;
  next: Link<T> | undefined;
  isLinked: boolean;
}

/** A doubly linked list: adding one or taking one out costs the same, however many there are. */
export class Chain<T> {
  #first: Link<T> | undefined;
  #last: Link<T> | undefined;

  /** The one that was added first. */
  get first(): Link<T> | undefined {
    return this.#first;
  }

  /** The one that was added last. */
  get last(): Link<T> | undefined {
    return this.#last;
  }

  add(value: T): Link<T> {
    const previous = this.#last;
    const link: Link<T> = { value, previous, next: undefined, isLinked: true };
    this.#last = link;
    if (previous === undefined) this.#first = link;
    else previous.next = link;
    return link;
  }

  /** Whether the link was still there. */
  remove(link: Link<T>): boolean {
    if (!link.isLinked) return false;
    link.isLinked = false;
    const { previous, next } = link;
    if (previous === undefined) this.#first = next;
    else previous.next = next;
    if (next === undefined) this.#last = previous;
    else next.previous = previous;
    // A link that has grown old would keep those alive that came after it, and they the next ones.
    link.previous = undefined;
    link.next = undefined;
    return true;
  }

  /** Takes out the one that was added first. */
  shift(): T | undefined {
    const link = this.#first;
    if (link !== undefined) this.remove(link);
    return link?.value;
  }
}
