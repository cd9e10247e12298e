// Seed 5, §10: fetches the documentation of repositories from a server like GitHub's, which has its troubles.
// #region fetcher
import { type Duration, isTransient } from 'mulligan';
import { stamina } from 'mulligan/presets';
// #endregion
import { serveGitHub } from './support/github.ts';

const server = await serveGitHub();
const baseUrl = server.url;

// #region fetcher
class GitHubError extends Error {
  readonly status: number;
  readonly retryAfter: string | null;

  constructor(path: string, { status, headers }: Response) {
    super(`${path} was answered with ${status}`);
    this.status = status;
    this.retryAfter = headers.get('retry-after');
  }
}

/** Again after failures of the network and of the server; a rate limit as late as it says. Never 404 and 403. */
function isRetriable(error: unknown): boolean | Duration {
  if (!(error instanceof GitHubError)) return isTransient(error);
  if (error.status === 429) return { seconds: Number(error.retryAfter ?? 1) };
  return error.status >= 500;
}

const patience = { on: isRetriable, attempts: 3, waitInitial: '0.2s', waitMax: '10s', waitJitter: '0.1s' } as const;

async function getItem<T>(path: string, signal?: AbortSignal): Promise<T> {
  const response = await fetch(`${baseUrl}${path}`, { signal: signal ?? null });
  if (!response.ok) throw new GitHubError(path, response);
  return (await response.json()) as T;
}

interface File {
  readonly name: string;
  readonly content: string;
}

interface Entry {
  readonly name: string;
  readonly path: string;
  readonly type: 'file' | 'dir';
}

const decode = ({ content }: File): string => Buffer.from(content, 'base64').toString('utf8');

const getRootMarkdownFiles = stamina.retry(patience)(async (repo: string) => {
  const entries = await getItem<readonly Entry[]>(`/repos/${repo}/contents/`);
  return entries.filter(({ name, type }) => type === 'file' && name.endsWith('.md'));
});

const fetchMarkdownContent = stamina.retry(patience)(async (repo: string, path: string) =>
  decode(await getItem<File>(`/repos/${repo}/contents/${path}`)),
);

async function fetchRepoDocs(repo: string): Promise<{ source: 'readme' | 'files'; docs: readonly string[] }> {
  try {
    for await (const attempt of stamina.retryContext(patience)) {
      const readme = await attempt.run(({ signal }) => getItem<File>(`/repos/${repo}/readme`, signal));
      if (readme.ok) return { source: 'readme', docs: [decode(readme.value)] };
    }
  } catch (error) {
    // No README is no error: there may be other files.
    if (!(error instanceof GitHubError && error.status === 404)) throw error;
  }
  const files = await getRootMarkdownFiles(repo);
  return { source: 'files', docs: await Promise.all(files.map(({ path }) => fetchMarkdownContent(repo, path))) };
}
// #endregion

const repos = ['ada/engine', 'ada/notes', 'ada/secret'];
const fetched = await Promise.allSettled(repos.map(fetchRepoDocs));
for (const [index, result] of fetched.entries()) {
  const repo = repos[index];
  if (result.status === 'fulfilled') console.log(`${repo}: ${result.value.docs.join(', ')} (${result.value.source})`);
  else console.log(`${repo}: ${(result.reason as Error).message}`);
}
for (const path of [...server.requests.keys()].sort()) console.log(`${server.requests.get(path)} × ${path}`);
await server.close();
