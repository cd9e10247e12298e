import type { VNode } from 'preact';
import { useState } from 'preact/hooks';

interface Props {
  readonly text: string;
  readonly what: string;
  readonly label?: string;
}

/** Copies a text, and says for a moment that it did. */
export function CopyButton({ text, what, label = 'Copy' }: Props): VNode {
  const [said, setSaid] = useState('');
  const copy = async (): Promise<void> => {
    // Only pages on this machine and under https: may write to the clipboard.
    setSaid(
      await navigator.clipboard.writeText(text).then(
        () => 'Copied',
        () => 'Not allowed',
      ),
    );
    setTimeout(() => setSaid(''), 1500);
  };
  return (
    <button type="button" class="quiet" aria-label={`${label} ${what}`} onClick={() => void copy()}>
      <span aria-live="polite">{said === '' ? label : said}</span>
    </button>
  );
}
