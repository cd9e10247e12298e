import type { ComponentChildren, VNode } from 'preact';

/** What stands where there is nothing to show, and what can be done about it. */
export function Empty({ title, children }: { title: string; children?: ComponentChildren }): VNode {
  return (
    <div class="empty">
      <p class="empty-title">{title}</p>
      {children}
    </div>
  );
}

/** Bars in place of what is on its way. */
export function Loading({ what, rows = 6 }: { what: string; rows?: number }): VNode {
  return (
    <div class="loading" role="status">
      <span class="for-readers">{what} on the way</span>
      {Array.from({ length: rows }, (_, row) => (
        <span key={row} class="loading-row" aria-hidden="true" />
      ))}
    </div>
  );
}

/** What could not be read, and a way to try it again. */
export function Failed({ what, why, onRetry }: { what: string; why: string; onRetry: () => void }): VNode {
  return (
    <div class="empty" role="alert">
      <p class="empty-title">{what}</p>
      <p>{why}</p>
      <button type="button" onClick={onRetry}>
        Try again
      </button>
    </div>
  );
}
