import type { Call } from '@mulligan/proxy';
import type { VNode } from 'preact';
import { ApiFailure } from '../../api/client.ts';
import { formatDuration, formatMoment } from '../../format/duration.ts';
import { giveUpReason } from '../../state/call-story.ts';
import { hrefOf } from '../../state/route.ts';
import { CopyButton } from '../shell/copy-button.tsx';
import { Empty, Failed, Loading } from '../shell/empty.tsx';
import type { ViewProps } from '../shell/lazy-view.tsx';
import { useLoaded } from '../shell/use-loaded.ts';
import { AttemptLedger } from './attempt-ledger.tsx';
import { statusOf } from './outcome.ts';

interface Props extends ViewProps {
  readonly id: string | undefined;
}

/** One request: from the list where it is there, or else from the server, as when somebody sent the link. */
export function CallDetail({ id, state, session }: Props): VNode {
  const known = [...state.calls, ...state.heldCalls].find((call) => call.id === id);
  if (known !== undefined) return <CallStory call={known} />;
  if (id === undefined)
    return (
      <Empty title="No request chosen">
        <p>
          Choose one to see each of its attempts: through which proxy, why it failed, how long the wait was and why.
        </p>
      </Empty>
    );
  return <RemoteCall id={id} state={state} session={session} />;
}

function RemoteCall({ id, session }: ViewProps & { id: string }): VNode {
  const { loaded, again } = useLoaded(id, () =>
    session.api.call(id).catch((error: unknown) => {
      if (error instanceof ApiFailure && error.status === 404) return undefined;
      throw error;
    }),
  );
  if (loaded.phase === 'loading') return <Loading what="The request is" />;
  if (loaded.phase === 'failed')
    return <Failed what="The request could not be read" why={loaded.why} onRetry={again} />;
  if (loaded.value !== undefined) return <CallStory call={loaded.value} />;
  return (
    <Empty title="This request is no longer kept">
      <p>The gateway remembers its newest 500 requests, and none from before it was started.</p>
      <p>
        <a href={hrefOf({ view: 'requests' })}>To the newest requests</a>
      </p>
    </Empty>
  );
}

const outcomes: Record<Call['outcome'], string> = {
  success: 'Succeeded',
  failure: 'Failed',
  cancelled: 'Cancelled by its client',
};

function CallStory({ call }: { call: Call }): VNode {
  const reason = giveUpReason(call);
  return (
    <article class="story">
      <header class="story-head">
        <a class="back" href={hrefOf({ view: 'requests' })}>
          All requests
        </a>
        <h2>
          <span class="method">{call.method}</span> <span class="id">{call.target}</span>
        </h2>
        <CopyButton text={linkTo(call)} what="to this request" label="Copy link" />
      </header>
      <dl class="facts">
        <Fact name="Outcome" value={outcomes[call.outcome]} tone={call.outcome} />
        <Fact name="Status" value={statusOf(call)} />
        <Fact name="Ended" value={formatMoment(call.timestamp)} />
        <Fact name="Took" value={formatDuration(call.duration)} />
        <Fact name="Waited" value={formatDuration(call.waited)} />
      </dl>
      {call.outcome !== 'success' && (call.error !== null || reason !== undefined) && (
        <p class="verdict">
          {reason !== undefined && <strong>{reason}</strong>} {call.error}
        </p>
      )}
      <AttemptLedger call={call} />
    </article>
  );
}

function Fact({ name, value, tone }: { name: string; value: string; tone?: Call['outcome'] }): VNode {
  return (
    <div>
      <dt>{name}</dt>
      <dd class={tone === undefined ? '' : `tone-${tone}`}>{value}</dd>
    </div>
  );
}

/** Without the token: whoever is sent the link has one, or needs none to read. */
function linkTo({ id }: Call): string {
  return location.origin + location.pathname + hrefOf({ view: 'requests', id });
}
