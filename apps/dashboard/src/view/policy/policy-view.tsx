import './policy.css';
import type { VNode } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { reasonOf } from '../../api/client.ts';
import { formatMoment } from '../../format/duration.ts';
import { scheduledPolicy } from '../../state/draft.ts';
import { settingFields } from '../../state/setting-fields.ts';
import { mayWrite, type Settings } from '../../state/state.ts';
import { Failed, Loading } from '../shell/empty.tsx';
import type { ViewProps } from '../shell/lazy-view.tsx';
import { FieldGroup } from './field-group.tsx';
import { SchedulePicture } from './schedule-picture.tsx';
import { useDraft } from './use-draft.ts';

/** The retry policy and the breakers as a form, and beside it what they come to. */
export function PolicyView({ state, session }: ViewProps): VNode {
  const { settings } = state;
  const [why, setWhy] = useState<string>();
  const read = (): void => {
    setWhy(undefined);
    session.loadSettings().catch((error: unknown) => setWhy(reasonOf(error)));
  };
  useEffect(read, []);
  if (settings !== undefined) return <PolicyForm state={state} session={session} settings={settings} />;
  return (
    <section class="panel">
      {why === undefined ? (
        <Loading what="The settings are" rows={10} />
      ) : (
        <Failed what="The settings could not be read" why={why} onRetry={read} />
      )}
    </section>
  );
}

type FormProps = ViewProps & { readonly settings: Settings };

function PolicyForm({ state, session, settings }: FormProps): VNode {
  const form = useDraft(session, settings);
  const { draft, problems, changes, isBusy } = form;
  const isWritable = mayWrite(state);
  const group = (title: string, fields: (typeof settingFields)['policy']): VNode => (
    <FieldGroup title={title} fields={fields} form={form} isDisabled={!isWritable} />
  );
  return (
    <form class="policy" noValidate onSubmit={(event) => void form.save(event)}>
      <section class="panel policy-fields" aria-label="Settings">
        {group('Retry policy', settingFields.policy)}
        {group('Circuit breakers', settingFields.breaker)}
        {group('Choice of proxies', settingFields.choice)}
      </section>
      <section class="panel policy-picture" aria-labelledby="schedule-title">
        <SchedulePicture policy={scheduledPolicy(draft)} />
      </section>
      <div class="save-bar">
        <p class={Object.keys(problems).length > 0 ? 'problem' : 'muted'} role="status">
          {form.message ?? sayUnsaved(changes.count, settings)}
        </p>
        <button type="button" disabled={changes.count === 0 || isBusy} onClick={form.reset}>
          Discard changes
        </button>
        <button
          type="submit"
          class="primary"
          disabled={changes.count === 0 || isBusy || !isWritable}
          title={isWritable ? 'In force for the next request' : 'Read only: the page has no token, or no connection'}
        >
          {isBusy ? 'Saving' : 'Save'}
        </button>
      </div>
    </form>
  );
}

function sayUnsaved(count: number, { policy }: Settings): string {
  if (count === 0) return `Last changed ${formatMoment(policy.updated_at)}`;
  return `${count} unsaved ${count === 1 ? 'change' : 'changes'}`;
}
