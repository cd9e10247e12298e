import type { VNode } from 'preact';
import { isOutOfRange } from '../../state/draft.ts';
import type { SettingField } from '../../state/setting-fields.ts';
import type { PolicyFormState } from './use-draft.ts';

interface GroupProps {
  readonly title: string;
  readonly fields: readonly SettingField[];
  readonly form: PolicyFormState;
  readonly isDisabled: boolean;
}

/** Some fields of the form under one title. */
export function FieldGroup({ title, fields, form, isDisabled }: GroupProps): VNode {
  return (
    <fieldset disabled={isDisabled}>
      <legend>{title}</legend>
      <div class="fields">
        {fields.map((field) => (
          <Field key={field.name} field={field} form={form} />
        ))}
      </div>
    </fieldset>
  );
}

function Field({ field, form }: { field: SettingField; form: PolicyFormState }): VNode {
  const { name, label, hint, unit, options } = field;
  const text = form.draft[name];
  const problem = form.problems[name];
  const isWrong = problem !== undefined || isOutOfRange(field, text);
  // Where the server decides by another rule, there is no number to change.
  const isElsewhere = form.saved[name] === '' && ['failure_threshold', 'window_duration'].includes(name);
  const shared = {
    id: `setting-${name}`,
    value: text,
    'aria-describedby': `setting-${name}-hint`,
    'aria-invalid': isWrong,
    disabled: isElsewhere,
  };
  return (
    <div class={text === form.saved[name] ? 'field' : 'field is-changed'}>
      <label for={shared.id}>{label}</label>
      {options === undefined ? (
        <span class="input">
          <input
            {...shared}
            inputMode={field.range === undefined ? 'text' : 'decimal'}
            autocomplete="off"
            onInput={({ currentTarget: { value } }) => form.change(name, value)}
          />
          {unit !== undefined && <span class="unit">{unit}</span>}
        </span>
      ) : (
        <select {...shared} onChange={({ currentTarget: { value } }) => form.change(name, value)}>
          {!options.some(({ value }) => value === text) && <option value={text}>{text}</option>}
          {options.map(({ value, title }) => (
            <option key={value} value={value}>
              {title}
            </option>
          ))}
        </select>
      )}
      <p id={`setting-${name}-hint`} class={isWrong ? 'problem' : 'hint'}>
        {isElsewhere ? 'Another rule decides here' : (problem ?? hint)}
      </p>
    </div>
  );
}
