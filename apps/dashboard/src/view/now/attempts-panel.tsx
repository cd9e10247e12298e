import type { Status } from '@mulligan/proxy';
import type { VNode } from 'preact';
import { formatCount, formatShare } from '../../format/number.ts';
import { attemptShares } from '../../state/headline.ts';

/** How many tries the calls needed. */
export function AttemptsPanel({ status }: { status: Status | undefined }): VNode {
  const rows = attemptShares(status ?? { success_by_attempt: {}, total_failures: 0 });
  return (
    <section class="panel" aria-labelledby="attempts-title">
      <h2 id="attempts-title">Successes by attempt</h2>
      <table class="bars">
        <thead class="for-readers">
          <tr>
            <th scope="col">Ended with</th>
            <th scope="col">Requests</th>
            <th scope="col">Share</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ label, count, share, kind }) => (
            <tr key={label}>
              <th scope="row">{label}</th>
              <td class="bar-cell">
                <span
                  class={`bar bar-${kind}`}
                  style={{ width: `${share * 100}%`, minWidth: count === 0 ? 0 : '2px' }}
                />
              </td>
              <td class="number">{formatCount(count)}</td>
              <td class="number muted">{formatShare(share)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
