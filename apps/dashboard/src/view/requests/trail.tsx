import type { VNode } from 'preact';
import type { Attempt } from '../../state/call-story.ts';

/** The attempts of a request as a row of marks, one each. */
export function Trail({ attempts }: { attempts: readonly Attempt[] }): VNode {
  const spoken = attempts.map(({ outcome }) => outcome).join(', ');
  const count = `${attempts.length} ${attempts.length === 1 ? 'attempt' : 'attempts'}`;
  return (
    <span class="trail">
      <span class="for-readers">{`${count}: ${spoken}`}</span>
      {attempts.map(({ number, outcome }) => (
        <span key={number} class={outcome === 'success' ? 'mark mark-good' : 'mark mark-bad'} />
      ))}
    </span>
  );
}
