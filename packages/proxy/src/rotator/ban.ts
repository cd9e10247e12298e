import type { Response } from 'undici';
import { retryAfterOf } from '../dial/index.ts';
import { AttemptFailure } from '../failure/index.ts';
import type { BanRules, ResponseHead } from '../policy/index.ts';
import type { FetchSituation } from './fetch-failure.ts';

/** So much of a body is read for a ban. */
const mostBytes = 64 * 1024;

/** The ban that a response is; `undefined` when it is none. The response can be read as before. */
export async function banOf(
  response: Response,
  bans: BanRules,
  { mayFailOver, way, nowMs }: FetchSituation,
): Promise<AttemptFailure | undefined> {
  const { status, headers, url } = response;
  const header = (name: string): string | undefined => headers.get(name) ?? undefined;
  const head: ResponseHead = { host: new URL(url).hostname, status, header };
  const verdict = bans.ofHead(head);
  const isBan = verdict === 'body' ? bans.isBan(head, await startOf(response)) : verdict === 'banned';
  if (!isBan) return undefined;
  return new AttemptFailure(`the target has banned this address (status ${status})`, {
    fault: way === 'direct' ? 'target' : 'pair',
    mayFailOver,
    phase: 'head',
    status,
    retryAfterMs: retryAfterOf(header('retry-after'), nowMs),
  });
}

/** The beginning of a body, as text. */
async function startOf(response: Response): Promise<string> {
  const reader = response.clone().body?.getReader();
  if (reader === undefined) return '';
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  while (bytes < mostBytes) {
    const { done, value } = (await reader.read()) as { done: boolean; value?: Uint8Array };
    if (done || value === undefined) break;
    chunks.push(value);
    bytes += value.byteLength;
  }
  // Not awaited: it ends only when the caller has read the other branch.
  reader.cancel().catch(() => {});
  return Buffer.concat(chunks).toString('utf8', 0, mostBytes);
}
