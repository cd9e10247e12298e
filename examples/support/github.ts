import type { ServerResponse } from 'node:http';
import { type Served, serve } from './serve.ts';

const encode = (text: string): string => Buffer.from(text).toString('base64');
const readme = '/repos/ada/engine/readme';
const contents = '/repos/ada/notes/contents/';

const documents: Readonly<Record<string, unknown>> = {
  [readme]: { name: 'README.md', content: encode('# The engine') },
  [contents]: [
    { name: 'one.md', path: 'one.md', type: 'file' },
    { name: 'src', path: 'src', type: 'dir' },
    { name: 'two.md', path: 'two.md', type: 'file' },
    { name: 'main.ts', path: 'main.ts', type: 'file' },
  ],
  [`${contents}one.md`]: { name: 'one.md', content: encode('# One') },
  [`${contents}two.md`]: { name: 'two.md', content: encode('# Two') },
};

type Trouble = (reply: ServerResponse) => void;

/** What goes wrong at the first request of a path. */
const troubles: Readonly<Record<string, Trouble>> = {
  [readme]: (reply) => reply.writeHead(503).end(),
  [contents]: (reply) => reply.writeHead(429, { 'retry-after': '1' }).end(),
  [`${contents}two.md`]: (reply) => void reply.destroy(),
};

/** A server like GitHub's. */
export interface GitHubLike extends Served {
  /** How often each path was asked for. */
  readonly requests: ReadonlyMap<string, number>;
}

export async function serveGitHub(): Promise<GitHubLike> {
  const requests = new Map<string, number>();
  const server = await serve(({ url = '' }, reply) => {
    const count = (requests.get(url) ?? 0) + 1;
    requests.set(url, count);
    const trouble = count === 1 ? troubles[url] : undefined;
    if (trouble !== undefined) trouble(reply);
    else if (url.startsWith('/repos/ada/secret/')) reply.writeHead(403).end();
    else if (url in documents) reply.end(JSON.stringify(documents[url]));
    else reply.writeHead(404).end();
  });
  return { ...server, requests };
}
