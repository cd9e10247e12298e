import { useRef } from 'preact/hooks';
import { inOrderOf } from '../../state/proxy-order.ts';
import type { ReceivedProxy, Sorting } from '../../state/state.ts';

/** Rows that stay where they are while they are held. */
export interface SteadyOrder {
  readonly rows: readonly ReceivedProxy[];
  readonly hold: () => void;
  readonly letGo: () => void;
}

/** Keeps rows where they are while the pointer is over them: nothing may jump away under a click. */
export function useSteadyOrder(sorted: readonly ReceivedProxy[], sorting: Sorting): SteadyOrder {
  const shown = useRef<{ ids: readonly string[]; sorting: Sorting; isHeld: boolean }>({
    ids: [],
    sorting,
    isHeld: false,
  });
  const { ids, sorting: before, isHeld } = shown.current;
  const rows = isHeld && before === sorting ? inOrderOf(ids, sorted) : sorted;
  shown.current = { ids: rows.map(({ row }) => row.id), sorting, isHeld };
  return {
    rows,
    hold: () => void (shown.current.isHeld = true),
    letGo: () => void (shown.current.isHeld = false),
  };
}
