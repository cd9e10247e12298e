import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import { ApiFailure, type NewProxy, reasonOf } from '../../api/client.ts';
import { addProxy } from '../../state/proxy-deeds.ts';
import type { Session } from '../../state/session.ts';
import { Dialog } from '../shell/dialog.tsx';

interface Props {
  readonly session: Session;
  readonly onClose: () => void;
}

interface Trouble {
  readonly whole?: string;
  readonly fields: Readonly<Record<string, string>>;
}

/** Asks for a new proxy. */
export function AddProxyDialog({ session, onClose }: Props): VNode {
  const [trouble, setTrouble] = useState<Trouble>({ fields: {} });
  const [isBusy, setBusy] = useState(false);
  const submit = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    setBusy(true);
    try {
      await addProxy(session, readForm(new FormData(event.currentTarget as HTMLFormElement)));
      onClose();
    } catch (error) {
      const fields = error instanceof ApiFailure ? error.fields : {};
      setTrouble(Object.keys(fields).length > 0 ? { fields } : { fields, whole: reasonOf(error) });
    } finally {
      setBusy(false);
    }
  };
  const field = (name: string, label: string, hint: string, placeholder = ''): VNode => (
    <FormField name={name} label={label} hint={hint} placeholder={placeholder} problem={trouble.fields[name]} />
  );
  return (
    <Dialog title="Add a proxy" onClose={onClose}>
      <form class="form" noValidate onSubmit={(event) => void submit(event)}>
        {field(
          'url',
          'Address',
          'Credentials may be in it; they are never shown again',
          'http://user:password@host:port',
        )}
        {field('id', 'Name', 'host:port if it is left empty')}
        <div class="form-pair">
          {field('region', 'Region', 'Requests may ask for it', 'EU')}
          {field('tags', 'Tags', 'Separated by commas', 'fast, cheap')}
        </div>
        {trouble.whole !== undefined && (
          <p class="problem" role="alert">
            Not added: {trouble.whole}
          </p>
        )}
        <div class="dialog-actions">
          <button type="button" onClick={onClose}>
            Cancel
          </button>
          <button type="submit" class="primary" disabled={isBusy}>
            Add
          </button>
        </div>
      </form>
    </Dialog>
  );
}

function readForm(form: FormData): NewProxy {
  const text = (name: string): string => String(form.get(name) ?? '').trim();
  const tags = text('tags')
    .split(',')
    .map((tag) => tag.trim())
    .filter(Boolean);
  return {
    url: text('url'),
    ...(text('id') === '' ? {} : { id: text('id') }),
    ...(text('region') === '' ? {} : { region: text('region') }),
    ...(tags.length === 0 ? {} : { tags }),
  };
}

interface FieldProps {
  readonly name: string;
  readonly label: string;
  readonly hint: string;
  readonly placeholder: string;
  readonly problem: string | undefined;
}

function FormField({ name, label, hint, placeholder, problem }: FieldProps): VNode {
  return (
    <div class="field">
      <label for={`new-${name}`}>{label}</label>
      <input
        id={`new-${name}`}
        name={name}
        placeholder={placeholder}
        autocomplete="off"
        spellcheck={false}
        aria-invalid={problem !== undefined}
        aria-describedby={`new-${name}-hint`}
      />
      <p id={`new-${name}-hint`} class={problem === undefined ? 'hint' : 'problem'}>
        {problem ?? hint}
      </p>
    </div>
  );
}
