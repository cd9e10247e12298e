import type { VNode } from 'preact';
import { formatUptime } from '../format/duration.ts';
import type { Connection, State } from '../state/state.ts';
import { CopyButton } from './copy-button.tsx';
import { Logo } from './logo.tsx';

const phases: Record<Connection['phase'], string> = {
  connecting: 'Connecting',
  live: 'Live',
  lost: 'Connection lost',
  refused: 'Refused',
};

interface Props {
  readonly state: State;
  readonly onAskToken: () => void;
}

/** The name, the address that clients use, and whether what is shown is live. */
export function PageHeader({ state: { status, connection, hasToken }, onAskToken }: Props): VNode {
  return (
    <header class="page-header">
      <h1>
        <Logo />
        mulligan
      </h1>
      {status !== undefined && (
        <div class="address">
          <span class="label">Gateway</span>
          <code>{status.addresses.gateway}</code>
          <CopyButton text={status.addresses.gateway} what="gateway address" />
        </div>
      )}
      <div class="page-facts">
        {status?.writes_need_token === true && !hasToken && (
          <button type="button" class="badge" onClick={onAskToken}>
            Read only
          </button>
        )}
        {status !== undefined && (
          <span class="muted">
            Up {formatUptime(status.uptime)}
            <span class="wide-only"> · {status.version}</span>
          </span>
        )}
        <a href="docs">API</a>
        <span class={`live live-${connection.phase}`} role="status">
          {phases[connection.phase]}
        </span>
      </div>
    </header>
  );
}
