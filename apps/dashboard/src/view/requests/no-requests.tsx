import type { Status } from '@mulligan/proxy';
import type { VNode } from 'preact';
import { CopyButton } from '../shell/copy-button.tsx';
import { Empty } from '../shell/empty.tsx';

/** What to do where nothing has happened yet. */
export function NoRequests({ status }: { status: Status | undefined }): VNode {
  const command = `curl -x ${status?.addresses.gateway ?? ''} ${status?.demo?.http ?? 'http://example.com/'}`;
  return (
    <Empty title="No requests yet">
      <p>Send one through the gateway:</p>
      <div class="command">
        <code>{command}</code>
        <CopyButton text={command} what="the command" />
      </div>
    </Empty>
  );
}
