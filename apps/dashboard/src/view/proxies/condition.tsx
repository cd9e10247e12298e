import type { ProxyRow } from '@mulligan/proxy';
import type { VNode } from 'preact';

type Condition = ProxyRow['condition'];

/** The conditions in the words of the page. */
export const conditionWords: Record<Condition, string> = {
  healthy: 'Healthy',
  degraded: 'Degraded',
  recovering: 'Testing',
  down: 'Open',
  untested: 'Untested',
  paused: 'Paused',
};

/** The state of a proxy: a shape of its own for each, so that it does not hang on the colour. */
export function ConditionMark({ condition }: { condition: Condition }): VNode {
  return (
    <span class={`condition condition-${condition}`}>
      <svg viewBox="0 0 12 12" aria-hidden="true">
        {shapes[condition]}
      </svg>
      {conditionWords[condition]}
    </span>
  );
}

const shapes: Record<Condition, VNode> = {
  healthy: <circle cx="6" cy="6" r="4.5" class="filled" />,
  degraded: <path d="M6 1.5 11 10.5H1Z" class="filled" />,
  recovering: <path d="M6 1.5a4.5 4.5 0 0 1 0 9zM6 1.5a4.5 4.5 0 1 0 0 9" class="half" />,
  down: <path d="M2 2l8 8M10 2l-8 8" class="drawn" />,
  untested: <circle cx="6" cy="6" r="4" class="drawn" />,
  paused: <path d="M4 2v8M8 2v8" class="drawn" />,
};
