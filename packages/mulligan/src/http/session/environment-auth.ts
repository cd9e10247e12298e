import { type AuthHeaders, SessionAuth } from './auth.ts';
import type { Environment } from './environment.ts';
import { findNetrc, type NetrcEntry, readNetrcFile } from './netrc.ts';

/** GitHub's API, unless `GITHUB_API_URL` names another. */
export const gitHubUrl = 'https://api.github.com';

/**
 * Who the environment says that we are: at GitHub's API by `GITHUB_TOKEN`, at GitLab by `CI_JOB_TOKEN` or
 * `GITLAB_PRIVATE_TOKEN`. An entry in `.netrc` wins. `GITHUB_API_URL` and `CI_SERVER_URL` name other servers than the
 * public ones. Tokens go to exactly these hosts and nowhere else, also when a server redirects. Source: Fromager.
 *
 * @param readNetrc how to read the `.netrc` file
 */
export function environmentAuth(
  env: Environment,
  readNetrc: () => string = () => readNetrcFile(env['NETRC']),
): SessionAuth {
  const lookUp = ({ hostname }: URL): NetrcEntry | undefined => findNetrc(readNetrc(), hostname);
  return new SessionAuth()
    .add(env['GITHUB_API_URL'] ?? gitHubUrl, (url) => gitHubHeaders(env, lookUp(url)))
    .add(env['CI_SERVER_URL'] ?? 'https://gitlab.com', (url) => gitLabHeaders(env, lookUp(url)));
}

function gitHubHeaders(env: Environment, entry: NetrcEntry | undefined): AuthHeaders | undefined {
  const token = entry?.password || env['GITHUB_TOKEN'];
  return token ? { authorization: `token ${token}` } : undefined;
}

function gitLabHeaders(env: Environment, entry: NetrcEntry | undefined): AuthHeaders | undefined {
  if (entry?.password) return { [entry.login === 'gitlab-ci-token' ? 'job-token' : 'private-token']: entry.password };
  const { CI_JOB_TOKEN: job, GITLAB_PRIVATE_TOKEN: personal } = env;
  if (job) return { 'job-token': job };
  return personal ? { 'private-token': personal } : undefined;
}
