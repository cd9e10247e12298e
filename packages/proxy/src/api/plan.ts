import { InvalidOptionError } from 'mulligan';
import { builtDashboard } from './page/static-files.ts';
import type { ApiOptions } from './options.ts';

/** A token must be hard to guess where it is all that keeps others out. */
const shortestToken = 16;

/** Who may do what, and what is served. */
export interface ApiPlan {
  readonly token: string | undefined;
  readonly readsNeedToken: boolean;
  readonly allowedHosts: readonly string[];
  readonly dashboard: URL;
  readonly onWrite: ApiOptions['onWrite'];
}

/** Checks the options of the API. @throws {InvalidOptionError} in a sentence that does not show the token */
export function planApi(options: ApiOptions): ApiPlan {
  const { token, loopbackOnly = true, allowedHosts = [], dashboard = builtDashboard } = options;
  if (token !== undefined && !/^[\u0021-\u007e]+$/u.test(token)) {
    throw new InvalidOptionError('token', undefined, 'token must be one word of printable ASCII characters');
  }
  if (!loopbackOnly && token === undefined) {
    throw new InvalidOptionError('auth', false, 'auth: false is only allowed on a loopback address such as 127.0.0.1');
  }
  if (!loopbackOnly && token !== undefined && token.length < shortestToken) {
    const message = `token must have at least ${shortestToken} characters on an address that other machines can reach`;
    throw new InvalidOptionError('token', undefined, message);
  }
  return { token, readsNeedToken: !loopbackOnly, allowedHosts, dashboard, onWrite: options.onWrite };
}
