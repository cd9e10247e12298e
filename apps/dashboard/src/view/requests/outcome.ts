import type { Call } from '@mulligan/proxy';

const words: Record<Call['outcome'], string> = { success: 'ok', failure: 'failed', cancelled: 'left' };

/** The status of a request, or a word where no status came back. */
export function statusOf({ status, outcome }: Call): string {
  return status === null ? words[outcome] : String(status);
}

/** The proxy of the last attempt. */
export function viaOf({ attempts }: Call): string {
  const last = attempts.at(-1);
  return last === undefined ? '' : (last.proxy_id ?? 'direct');
}
