import { useEffect, useState } from 'preact/hooks';
import { ApiFailure } from '../../api/client.ts';
import { changesOf, type Draft, draftOf, type FieldProblems, problemsFromApi, problemsOf } from '../../state/draft.ts';
import type { Session } from '../../state/session.ts';
import type { SettingName } from '../../state/setting-fields.ts';
import type { Settings } from '../../state/state.ts';

/** What the fields of the form need. */
export interface PolicyFormState {
  readonly draft: Draft;
  readonly saved: Draft;
  readonly problems: FieldProblems;
  readonly change: (name: SettingName, text: string) => void;
}

/** The form as a whole. */
export interface DraftForm extends PolicyFormState {
  readonly changes: ReturnType<typeof changesOf>;
  readonly isBusy: boolean;
  readonly message: string | undefined;
  readonly reset: () => void;
  readonly save: (event: SubmitEvent) => Promise<void>;
}

interface DraftState {
  /** Only what the person typed: what others change meanwhile shows in the other fields. */
  readonly typed: Partial<Draft>;
  readonly fromApi: FieldProblems;
  readonly message?: string;
  readonly isBusy: boolean;
}

const untouched: DraftState = { typed: {}, fromApi: {}, isBusy: false };

/** What the person types, beside what the server has, until it is saved. */
export function useDraft(session: Session, settings: Settings): DraftForm {
  const [{ typed, fromApi, message, isBusy }, setState] = useState<DraftState>(untouched);
  const saved = draftOf(settings);
  const draft: Draft = { ...saved, ...typed };
  const changes = changesOf(draft, settings);
  const problems: FieldProblems = { ...fromApi, ...problemsOf(draft) };
  useEffect(() => {
    session.store.dispatch({ type: 'unsaved', isUnsaved: changes.count > 0 });
    return () => session.store.dispatch({ type: 'unsaved', isUnsaved: false });
  }, [changes.count > 0]);
  const save = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    if (Object.keys(problemsOf(draft)).length > 0) return focusFirstProblem();
    setState((before) => ({ typed: before.typed, fromApi: {}, isBusy: true }));
    try {
      await send(session, changes);
      setState(untouched);
      session.tell({ kind: 'done', text: 'Saved: in force for the next request.' });
    } catch (error) {
      const fields = error instanceof ApiFailure ? problemsFromApi(error.fields) : {};
      setState((before) => ({ typed: before.typed, fromApi: fields, isBusy: false, message: 'Not all was saved' }));
      if (Object.keys(fields).length === 0) session.tellFailure('Not saved', error);
      else focusFirstProblem();
    }
  };
  return {
    draft,
    saved,
    problems,
    changes,
    isBusy,
    message,
    save,
    reset: () => setState(untouched),
    change: (name, text) =>
      setState((before) => {
        const { [name]: _, ...others } = before.fromApi;
        return { typed: { ...before.typed, [name]: text }, fromApi: others, isBusy: before.isBusy };
      }),
  };
}

/** Each half to its route; what the first has saved is saved whatever becomes of the second. */
async function send({ api, store }: Session, { policy, config }: DraftForm['changes']): Promise<void> {
  if (Object.keys(policy).length > 0) {
    store.dispatch({ type: 'settings', settings: { policy: await api.savePolicy(policy) } });
  }
  if (Object.keys(config).length > 0) {
    store.dispatch({ type: 'settings', settings: { config: await api.saveConfig(config) } });
  }
}

function focusFirstProblem(): void {
  // After the fields were drawn with their problems.
  requestAnimationFrame(() => document.querySelector<HTMLElement>('.policy [aria-invalid="true"]')?.focus());
}
