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

/** The name, the address that clients use, and whether what is shown is live. */
export function PageHeader({ state: { status, connection, hasToken } }: { state: State }): VNode {
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
          <span class="badge" title="To make changes, open the address with #token=… that was printed at the start">
            Read only
          </span>
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
