import type { VNode } from 'preact';
import { useEffect } from 'preact/hooks';
import type { Notice } from '../../state/state.ts';

interface Props {
  readonly notice: Notice | undefined;
  readonly onClose: () => void;
}

// Long enough to read it and to reach its button.
const shownMs = 8000;

/** What became of something that the person did; it goes by itself, failures stay until they are closed. */
export function NoticeLine({ notice, onClose }: Props): VNode {
  useEffect(() => {
    if (notice?.kind !== 'done') return undefined;
    const timer = setTimeout(onClose, shownMs);
    return () => clearTimeout(timer);
  }, [notice]);
  const undo = (): void => {
    onClose();
    notice?.undo?.();
  };
  return (
    <div class="notices" role="status">
      {notice !== undefined && (
        <p class={`notice notice-${notice.kind}`}>
          <span>{notice.text}</span>
          {notice.undo !== undefined && (
            <button type="button" onClick={undo}>
              Undo
            </button>
          )}
          <button type="button" class="quiet" onClick={onClose}>
            Close
          </button>
        </p>
      )}
    </div>
  );
}
