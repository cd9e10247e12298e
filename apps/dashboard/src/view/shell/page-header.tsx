import type { VNode } from 'preact';
import { formatUptime } from '../../format/duration.ts';
import type { Connection, State } from '../../state/state.ts';
import { CopyButton } from './copy-button.tsx';
import { Logo } from './logo.tsx';
import { Nav } from './nav.tsx';

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

/** The name, the views, the address that clients use, and whether what is shown is live. */
export function PageHeader({ state: { status, connection, hasToken, route }, onAskToken }: Props): VNode {
  return (
    <header class="page-header">
      <a class="brand" href="#/" aria-label="mulligan: to the first view">
        <Logo />
        mulligan
      </a>
      <Nav current={route.view} />
      <div class="page-facts">
        {status !== undefined && (
          <div class="address">
            <span class="label">Gateway</span>
            <code>{status.addresses.gateway}</code>
            <CopyButton text={status.addresses.gateway} what="the gateway address" />
          </div>
        )}
        {status?.writes_need_token === true && !hasToken && (
          <button type="button" class="badge" onClick={onAskToken}>
            Read only
          </button>
        )}
        {status !== undefined && (
          <span class="muted wide-only">
            Up {formatUptime(status.uptime)} · {status.version}
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
