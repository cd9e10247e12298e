import { STATUS_CODES } from 'node:http';
import type { AttemptNote } from './exchange.ts';
import { formatProxyStatus } from './proxy-status.ts';
import type { Trouble } from './trouble.ts';

/** An answer that the gateway gives by itself. */
export interface OwnAnswer {
  readonly status: number;
  /** Names and values in turn. */
  readonly headers: readonly string[];
  readonly body: string;
}

/** What an answer tells besides its trouble. */
export interface AnswerDetails {
  /** `undefined` for what never became a request. */
  readonly requestId: string | undefined;
  /** The attempts that failed, oldest first. */
  readonly attempts: readonly AttemptNote[];
  /** The client's `Accept`. */
  readonly accept: string | undefined;
}

/** Says what happened: a page for a browser, JSON for a program, `Proxy-Status` (RFC 9209) for both. */
export function ownAnswer(trouble: Trouble, details: AnswerDetails): OwnAnswer {
  const { status, error, message, retryAfterMs } = trouble;
  const { requestId, attempts, accept = '' } = details;
  const isPage = /\btext\/html\b/iu.test(accept);
  const body = isPage ? page(trouble, details) : `${JSON.stringify(toJson(trouble, details))}\n`;
  const headers = [
    ['Content-Type', isPage ? 'text/html; charset=utf-8' : 'application/json'],
    ['Content-Length', String(Buffer.byteLength(body))],
    ['Cache-Control', 'no-store'],
    ['Proxy-Status', formatProxyStatus(error, message)],
    ['X-Mulligan-Attempts', String(attempts.length)],
  ];
  if (requestId !== undefined) headers.push(['X-Mulligan-Request-Id', requestId]);
  if (isPage) headers.push(['Content-Security-Policy', "default-src 'none'; style-src 'unsafe-inline'"]);
  if (status === 407) headers.push(['Proxy-Authenticate', 'Basic realm="mulligan", charset="UTF-8"']);
  if (retryAfterMs !== undefined) headers.push(['Retry-After', String(Math.ceil(retryAfterMs / 1000))]);
  return { status, headers: headers.flat(), body };
}

/** The answer as bytes, for a connection that no longer speaks HTTP or never did; it is closed afterwards. */
export function formatAnswer({ status, headers, body }: OwnAnswer): string {
  const lines = [`HTTP/1.1 ${status} ${STATUS_CODES[status] ?? 'Unknown'}`, 'Connection: close'];
  for (let i = 0; i < headers.length; i += 2) lines.push(`${headers[i]}: ${headers[i + 1]}`);
  return `${lines.join('\r\n')}\r\n\r\n${body}`;
}

function toJson({ status, error, message }: Trouble, { requestId, attempts }: AnswerDetails): object {
  return {
    status,
    error,
    message,
    request_id: requestId ?? null,
    attempts: attempts.map(({ proxyId, error: type, message: why, status: answered, durationMs }) => ({
      proxy: proxyId ?? 'direct',
      error: type,
      message: why,
      status: answered ?? null,
      duration: Math.round(durationMs) / 1000,
    })),
  };
}

function page({ status, message }: Trouble, { requestId, attempts }: AnswerDetails): string {
  const rows = attempts.map(({ proxyId, message: why, durationMs }) => {
    return `<li><b>${escape(proxyId ?? 'direct')}</b> ${escape(why)} <i>(${Math.round(durationMs)} ms)</i></li>`;
  });
  const title = `${status} ${STATUS_CODES[status] ?? ''}`;
  return `<!doctype html>
<html lang="en"><meta charset="utf-8"><title>${title}</title>
<style>body{font:16px/1.5 system-ui,sans-serif;max-width:40em;margin:4em auto;padding:0 1em}i,small{color:#777}</style>
<h1>${title}</h1>
<p>${escape(message)}</p>
${rows.length === 0 ? '' : `<p>What was tried:</p>\n<ol>${rows.join('')}</ol>\n`}<p><small>Answered by the mulligan gateway.${requestId === undefined ? '' : ` Request ${requestId}`}</small></p>
</html>
`;
}

function escape(text: string): string {
  return text.replace(/[&<>"']/gu, (character) => `&#${character.charCodeAt(0)};`);
}
