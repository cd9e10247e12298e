import type { VNode } from 'preact';
import { useState } from 'preact/hooks';

/** Copies a text, and says for a moment that it did. */
export function CopyButton({ text, what }: { text: string; what: string }): VNode {
  const [isCopied, setCopied] = useState(false);
  const copy = async (): Promise<void> => {
    await navigator.clipboard.writeText(text);
    setCopied(true);
    setTimeout(() => setCopied(false), 1500);
  };
  return (
    <button type="button" class="quiet" aria-label={`Copy the ${what}`} onClick={() => void copy()}>
      {isCopied ? 'Copied' : 'Copy'}
    </button>
  );
}
