import { errorOf } from './error.ts';
import { eventsOf } from './event-stream.ts';

/**
 * Waits for the first event of a stream, and turns a good answer whose first event is an error into the bad answer that
 * it is, with a status that means the same. Whoever retries by status then sees it. The rest is left to be read.
 */
export async function exposeError(response: Response): Promise<Response> {
  const { body, status, statusText, headers, url } = response;
  const isStream = headers.get('content-type')?.includes('event-stream') === true;
  if (!response.ok || !isStream || body === null) return response;
  const [looked, whole] = body.tee();
  const first = await firstOf(looked);
  const error = errorOf('stream', parse(first));
  if (error === undefined) return withUrl(new Response(whole, { status, statusText, headers }), url);
  whole.cancel().catch(() => {});
  const told = new Headers(headers);
  told.set('content-type', 'application/json');
  return withUrl(new Response(first, { status: error.status, headers: told }), url);
}

async function firstOf(stream: ReadableStream<Uint8Array>): Promise<string> {
  for await (const event of eventsOf(stream)) return event;
  return '';
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** A response that somebody makes has no address. */
function withUrl(response: Response, url: string): Response {
  return Object.defineProperty(response, 'url', { value: url, configurable: true });
}
