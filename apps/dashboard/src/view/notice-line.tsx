import type { VNode } from 'preact';
import { useEffect } from 'preact/hooks';
import type { Notice } from '../state/state.ts';

/** What became of something that the person did; it goes by itself, failures stay until they are closed. */
export function NoticeLine({ notice, onClose }: { notice: Notice | undefined; onClose: () => void }): VNode {
  useEffect(() => {
    if (notice?.kind !== 'done') return undefined;
    const timer = setTimeout(onClose, 5000);
    return () => clearTimeout(timer);
  }, [notice]);
  return (
    <div class="notices" role="status">
      {notice !== undefined && (
        <p class={`notice notice-${notice.kind}`}>
          {notice.text}
          <button type="button" class="quiet" onClick={onClose}>
            Close
          </button>
        </p>
      )}
    </div>
  );
}
