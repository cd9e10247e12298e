import type { VNode } from 'preact';
import { keepToken } from '../api/token.ts';
import { Logo } from './logo.tsx';

/** What stands where the server wants a token that the page does not have. */
export function TokenForm(): VNode {
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
      <h1>This page needs the token</h1>
      <p>Open the address that was printed when mulligan started: it ends in #token=… Or enter the token here.</p>
      <form onSubmit={submit}>
        <label>
          Token
          <input name="token" type="password" autocomplete="off" required />
        </label>
        <button type="submit">Open</button>
      </form>
    </main>
  );
}
