const key = 'mulligan.token';

/** Finds the token in a fragment such as `#token=abc`. */
export function tokenInFragment(fragment: string): string | undefined {
  return new URLSearchParams(fragment.replace(/^#/u, '')).get('token') ?? undefined;
}

/**
 * Takes the token out of the address, where it could be read over a shoulder or copied with a link, and keeps it for
 * this tab until it is closed.
 */
export function takeToken(): string | undefined {
  const given = tokenInFragment(location.hash);
  if (given === undefined) return sessionStorage.getItem(key) ?? undefined;
  keepToken(given);
  history.replaceState(null, '', location.pathname + location.search);
  return given;
}

/** Keeps a token for this tab until it is closed. */
export function keepToken(token: string): void {
  sessionStorage.setItem(key, token);
}

export function forgetToken(): void {
  sessionStorage.removeItem(key);
}
