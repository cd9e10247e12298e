import type { VNode } from 'preact';

/** The mark: once more around. */
export function Logo(): VNode {
  return (
    <svg class="logo" viewBox="0 0 32 32" aria-hidden="true">
      <rect width="32" height="32" rx="8" />
      <path d="M23.5 18.5a8 8 0 1 1-2.2-7.6" />
      <path d="M22.6 5.6v6.2h-6.2" />
    </svg>
  );
}
