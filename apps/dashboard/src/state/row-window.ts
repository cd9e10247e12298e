/** Which rows of a long list are made, and how much room is left for the others. Heights in pixels. */
export interface RowWindow {
  readonly first: number;
  /** The first one that is not made any more. */
  readonly end: number;
  readonly heightPx: number;
}

/** What is seen of a list. */
export interface ListSight {
  readonly count: number;
  readonly rowPx: number;
  readonly scrollPx: number;
  readonly sightPx: number;
}

// Rows beyond the edges, so that nothing is empty while it scrolls.
const margin = 12;

/** The rows that are in sight, and some more on each side. */
export function rowWindow({ count, rowPx, scrollPx, sightPx }: ListSight): RowWindow {
  const first = Math.floor(scrollPx / rowPx) - margin;
  const end = Math.ceil((scrollPx + sightPx) / rowPx) + margin;
  return {
    first: Math.min(Math.max(0, first), Math.max(0, count - 1)),
    end: Math.max(0, Math.min(count, end)),
    heightPx: count * rowPx,
  };
}
