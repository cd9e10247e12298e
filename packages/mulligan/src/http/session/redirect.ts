import { type FetchInit, type FetchInput, isRequest } from '../body.ts';
import type { ResilientFetch } from '../options.ts';

/** What the platform takes away itself when it is the one who follows. */
const usualSecrets = ['authorization', 'cookie', 'proxy-authorization'];

/** What is no secret. */
const harmless = ['accept', 'accept-encoding', 'accept-language', 'cache-control', 'content-type', 'user-agent'];

/** As many as browsers follow. */
const mostRedirects = 20;

/**
 * Follows redirects without carrying the headers of a session to another origin: the platform takes away those that it
 * knows, and leaves every other secret in place. Where there is none to protect the platform does it all.
 *
 * @param names of the headers that come from the session, in lower case
 */
export async function followSafely(
  fetch: ResilientFetch,
  input: FetchInput,
  given: FetchInit,
  names: readonly string[],
): Promise<Response> {
  const secrets = names.filter((name) => !usualSecrets.includes(name) && !harmless.includes(name));
  if (secrets.length === 0 || (given.redirect ?? 'follow') !== 'follow') return fetch(input, given);
  let { url, init } = isRequest(input) ? takeApart(input, given) : { url: String(input), init: given };
  for (let hops = 0; hops <= mostRedirects; hops++) {
    const response = await fetch(url, { ...init, redirect: 'manual' });
    // Browsers show nothing of a redirect, and do not let such headers pass to another origin unless it asks for them.
    if (response.type === 'opaqueredirect') return fetch(url, init);
    const location = response.headers.get('location');
    if (![301, 302, 303, 307, 308].includes(response.status) || location === null) return response;
    await response.body?.cancel();
    const target = new URL(location, url);
    init = redirected(
      init,
      response.status,
      target.origin === new URL(url).origin ? [] : [...usualSecrets, ...secrets],
    );
    url = target.href;
  }
  throw new TypeError(`redirected more than ${mostRedirects} times`);
}

/** A `Request` can be sent to its own address only. */
function takeApart(request: Request, init: FetchInit): { url: string; init: FetchInit } {
  const { url, method, signal, body } = request;
  const bytes = body === null ? undefined : request.arrayBuffer();
  return { url, init: { method, signal, ...(bytes && { body: () => bytes }), ...init } };
}

function redirected(init: FetchInit, status: number, unwanted: readonly string[]): FetchInit {
  const method = init.method?.toUpperCase() ?? 'GET';
  const becomesGet = status === 303 ? method !== 'HEAD' : status < 303 && method === 'POST';
  const headers = new Headers(init.headers);
  for (const name of unwanted) headers.delete(name);
  if (!becomesGet) return { ...init, headers };
  for (const name of ['content-type', 'content-length', 'content-encoding']) headers.delete(name);
  return { ...init, headers, method: 'GET', body: null };
}
