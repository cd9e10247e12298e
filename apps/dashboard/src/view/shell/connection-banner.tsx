import type { VNode } from 'preact';
import { formatUptime } from '../../format/duration.ts';
import type { Connection } from '../../state/state.ts';
import { useNow } from './use-now.ts';

interface Props {
  readonly connection: Connection;
  readonly hasData: boolean;
  readonly onRetry: () => void;
}

/** Says while the connection is lost: what is on the page then is old. */
export function ConnectionBanner({ connection, hasData, onRetry }: Props): VNode | null {
  const now = useNow(connection.phase === 'lost');
  if (connection.phase !== 'lost') return null;
  const lostFor = formatUptime(Math.max(0, (now - connection.since) / 1000));
  const nextTry = Math.max(0, Math.ceil((connection.retryAt - now) / 1000));
  return (
    <section class="banner" aria-label="Connection">
      <p>
        <strong role="alert">{hasData ? 'Connection lost.' : 'The server cannot be reached.'}</strong>{' '}
        {hasData && <span>What you see is {lostFor} old. </span>}
        <span aria-hidden="true">{nextTry > 0 ? `Next try in ${nextTry} s.` : 'Trying…'}</span>
      </p>
      <button type="button" onClick={onRetry}>
        Try now
      </button>
    </section>
  );
}
