import type { Call } from '@mulligan/proxy';
import type { VNode } from 'preact';
import type { CallFilter, State } from '../../state/state.ts';
import { Empty, Loading } from '../shell/empty.tsx';
import { CallLine } from './call-line.tsx';
import { NoRequests } from './no-requests.tsx';

const isShown: Record<CallFilter, (call: Call) => boolean> = {
  all: () => true,
  success: ({ outcome }) => outcome === 'success',
  retried: ({ attempts }) => attempts.length > 1,
  failure: ({ outcome }) => outcome === 'failure',
  cancelled: ({ outcome }) => outcome === 'cancelled',
};

/** The newest requests that the filter lets through. */
export function CallList({ state, openId }: { state: State; openId: string | undefined }): VNode {
  const { calls, filter, areCallsLoaded } = state;
  if (!areCallsLoaded) return <Loading what="The requests are" rows={12} />;
  if (calls.length === 0) return <NoRequests status={state.status} />;
  const shown = calls.filter(isShown[filter]);
  if (shown.length === 0)
    return (
      <Empty title="None of these">
        <p>None of the newest {calls.length} requests ended like this.</p>
      </Empty>
    );
  return (
    <ol class="calls">
      {shown.map((call) => (
        <li key={call.id}>
          <CallLine call={call} isOpen={call.id === openId} />
        </li>
      ))}
    </ol>
  );
}
