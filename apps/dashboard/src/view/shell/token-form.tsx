import type { VNode } from 'preact';
import { keepToken } from '../../api/token.ts';
import { Logo } from './logo.tsx';

/** Asks for the token. Without `onBack` there is nothing to go back to: the server wants the token for all it shows. */
export function TokenForm({ onBack }: { onBack?: () => void }): VNode {
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    const token = new FormData(event.currentTarget as HTMLFormElement).get('token');
    if (typeof token !== 'string' || token === '') return;
    keepToken(token);
    location.reload();
  };
  return (
    <main class="gate">
      <Logo />
      <h1>{onBack === undefined ? 'This page needs the token' : 'Changes need the token'}</h1>
      <p>Open the address that was printed when mulligan started: it ends in #token=… Or enter the token here.</p>
      <form onSubmit={submit}>
        <label>
          Token
          <input name="token" type="password" autocomplete="off" required />
        </label>
        <button type="submit" class="primary">
          Open
        </button>
      </form>
      {onBack !== undefined && (
        <button type="button" class="quiet" onClick={onBack}>
          Back
        </button>
      )}
    </main>
  );
}
