import type { Response } from 'undici';
import { banFailure } from '../dial/index.ts';
import type { AttemptFailure } from '../failure/index.ts';
import type { BanRules } from '../policy/index.ts';
import type { FetchSituation } from './fetch-failure.ts';

/** The ban that a response is; `undefined` when it is none. The response can be read as before. */
export function banOf(
  response: Response,
  bans: BanRules,
  { mayFailOver, way, nowMs }: FetchSituation,
): Promise<AttemptFailure | undefined> {
  const { status, headers, url } = response;
  const header = (name: string): string | undefined => headers.get(name) ?? undefined;
  return banFailure(
    bans,
    { host: new URL(url).hostname, status, header },
    {
      readStart: (mostBytes) => startOf(response, mostBytes),
      isDirect: way === 'direct',
      mayFailOver,
      wallNowMs: nowMs,
    },
  );
}

/** The beginning of a body, as text. */
async function startOf(response: Response, mostBytes: number): Promise<string> {
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
