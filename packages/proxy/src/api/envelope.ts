import { randomUUID } from 'node:crypto';
import type { MiddlewareHandler } from 'hono';
import type { World } from 'mulligan';
import { toMoment } from './json/number.ts';

/** The version of the form, not of mulligan. */
const version = '1.0.0';

/** Lists that stand alone in the envelope: it names what they are by itself. */
const alone = ['circuit_breakers', 'events'];

/**
 * Puts answers into the envelope in which later versions of the original send them, under `/api` instead of
 * `/api/v1`: `{status, data, error, meta}`.
 */
export function putInEnvelope(world: World): MiddlewareHandler {
  return async (c, next) => {
    await next();
    const { res: answer } = c;
    if (answer.headers.get('content-type')?.startsWith('application/json') !== true) return;
    const body = (await answer.json()) as Readonly<Record<string, unknown>>;
    const timestamp = toMoment(world.wallNow());
    const meta = { request_id: randomUUID(), timestamp, version };
    const { error: code, message, details } = body;
    const enclosed = answer.ok
      ? { status: 'success', data: contentOf(body), error: null, meta }
      : { status: 'error', data: null, error: { code, message, details, timestamp }, meta };
    c.res = new Response(JSON.stringify(enclosed), { status: answer.status, headers: answer.headers });
  };
}

function contentOf(body: Readonly<Record<string, unknown>>): unknown {
  const name = alone.find((each) => each in body);
  return name === undefined ? body : body[name];
}
