import type { ComponentChildren, VNode } from 'preact';
import { Dialog } from './dialog.tsx';

interface Props {
  readonly title: string;
  readonly children: ComponentChildren;
  /** What the button that goes on says. */
  readonly go: string;
  readonly stay?: string;
  readonly onGo: () => void;
  readonly onStay: () => void;
}

/** Asks before something is lost. */
export function ConfirmDialog({ title, children, go, stay = 'Cancel', onGo, onStay }: Props): VNode {
  return (
    <Dialog title={title} onClose={onStay}>
      <p>{children}</p>
      <div class="dialog-actions">
        <button type="button" onClick={onStay}>
          {stay}
        </button>
        <button type="button" class="danger" onClick={onGo}>
          {go}
        </button>
      </div>
    </Dialog>
  );
}
