import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import { reasonOf } from '../../api/client.ts';

/** Something that is read from the server. What was read before stays while it is read again. */
export type Loaded<T> =
  | { readonly phase: 'loading' }
  | { readonly phase: 'failed'; readonly why: string }
  | { readonly phase: 'here'; readonly value: T };

/** Reads something when it is first shown, whenever `key` changes, and when it is asked for again. */
export function useLoaded<T>(key: string, load: () => Promise<T>): { loaded: Loaded<T>; again: () => void } {
  const [loaded, setLoaded] = useState<Loaded<T>>({ phase: 'loading' });
  const newest = useRef(0);
  const read = useCallback(async (): Promise<void> => {
    const number = ++newest.current;
    const next = await load().then(
      (value): Loaded<T> => ({ phase: 'here', value }),
      (error: unknown): Loaded<T> => ({ phase: 'failed', why: reasonOf(error) }),
    );
    // An answer that was overtaken is of no use.
    if (number === newest.current) setLoaded(next);
  }, [key]);
  useEffect(() => {
    setLoaded({ phase: 'loading' });
    void read();
  }, [read]);
  return { loaded, again: () => void read() };
}
