/** The kinds of failure that mulligan tells apart. */
export type ErrorCategory =
  | 'connect'
  | 'dns'
  | 'reset'
  | 'timeout'
  | 'protocol'
  | 'tls'
  | 'http'
  | 'rate-limit'
  | 'auth'
  | 'abort'
  | 'invalid'
  | 'unknown';

/** What the table says of an error, or what its shape gives away. */
export interface ErrorFacts {
  readonly category: ErrorCategory;
  /** Another attempt may well succeed. */
  readonly isTransient: boolean;
  /** The other side cannot have acted on the request: safe to repeat, whatever the method. */
  readonly isUnprocessed: boolean;
}

type Row = readonly [category: ErrorCategory, traits: '' | 'transient' | 'transient unprocessed', codes: string];

/**
 * Codes of Node, undici, OpenSSL and zlib, as measured on Node 20 to 26.
 * `unprocessed`: the request cannot have reached anybody who could act on it.
 */
const rows: readonly Row[] = [
  ['connect', 'transient unprocessed', 'ECONNREFUSED EHOSTUNREACH ENETUNREACH ENETDOWN EHOSTDOWN'],
  ['connect', 'transient unprocessed', 'EADDRNOTAVAIL EMFILE ENFILE UND_ERR_PRX_TLS'],
  ['dns', 'transient unprocessed', 'ENOTFOUND EAI_AGAIN EAI_FAIL ESERVFAIL ETIMEOUT'],
  ['dns', '', 'ENODATA EAI_NODATA'],
  ['timeout', 'transient unprocessed', 'UND_ERR_CONNECT_TIMEOUT'],
  ['timeout', 'transient', 'ETIMEDOUT ESOCKETTIMEDOUT UND_ERR_HEADERS_TIMEOUT UND_ERR_BODY_TIMEOUT'],
  ['reset', 'transient', 'ECONNRESET UND_ERR_SOCKET EPIPE ECONNABORTED ERR_STREAM_PREMATURE_CLOSE'],
  ['reset', 'transient', 'UND_ERR_RES_CONTENT_LENGTH_MISMATCH ERR_HTTP2_STREAM_ERROR ERR_HTTP2_SESSION_ERROR'],
  ['protocol', 'transient', 'Z_DATA_ERROR Z_BUF_ERROR'],
  ['abort', '', 'ABORT_ERR UND_ERR_ABORTED UND_ERR_ABORT ERR_CANCELED'],
  ['invalid', '', 'UND_ERR_INVALID_ARG UND_ERR_INVALID_RETURN_VALUE UND_ERR_NOT_SUPPORTED ERR_INVALID_URL'],
  ['invalid', '', 'UND_ERR_REQ_CONTENT_LENGTH_MISMATCH UND_ERR_HEADERS_OVERFLOW UND_ERR_RES_EXCEEDED_MAX_SIZE'],
  ['invalid', '', 'UND_ERR_MAX_ORIGINS_REACHED UND_ERR_BPL_MISSING_UPSTREAM UND_ERR_WS_MESSAGE_SIZE_EXCEEDED'],
  ['invalid', '', 'UND_ERR_DESTROYED UND_ERR_CLOSED UND_ERR_INFO ERR_INVALID_ARG_TYPE ERR_INVALID_PROTOCOL'],
  ['tls', '', 'EPROTO'],
];

const facts = new Map<string, ErrorFacts>();
for (const [category, traits, codes] of rows) {
  const entry = {
    category,
    isTransient: traits.startsWith('transient'),
    isUnprocessed: traits.endsWith('unprocessed'),
  };
  for (const code of codes.split(' ')) facts.set(code, entry);
}

const parserError: ErrorFacts = { category: 'protocol', isTransient: true, isUnprocessed: false };
const untrusted: ErrorFacts = { category: 'tls', isTransient: false, isUnprocessed: false };
const tlsError: ErrorFacts = { category: 'tls', isTransient: false, isUnprocessed: true };

/** What OpenSSL and Node say of a certificate that they do not accept. */
const untrustedCodes =
  /^(?:CERT_|ERR_TLS_|UNABLE_TO_|DEPTH_ZERO_|SELF_SIGNED_|INVALID_(?:CA|PURPOSE)$|HOSTNAME_MISMATCH|PATH_LENGTH_)/;

/** What a `code` says. */
export function codeFacts(code: string | undefined): ErrorFacts | undefined {
  if (code === undefined) return undefined;
  if (code.startsWith('HPE_')) return parserError;
  if (code.startsWith('ERR_SSL_')) return tlsError;
  return facts.get(code) ?? (untrustedCodes.test(code) ? untrusted : undefined);
}

/** HTTP statuses that pass by themselves. 529 is how LLM providers say overloaded. */
const transientStatuses: ReadonlySet<number> = new Set([408, 425, 429, 500, 502, 503, 504, 529]);

/** What an HTTP status says. */
export function statusFacts(status: number | undefined): ErrorFacts | undefined {
  if (status === undefined || !(status >= 400 && status <= 599)) return undefined;
  const isTransient = transientStatuses.has(status);
  const isUnprocessed = status === 408 || status === 425 || status === 429;
  if (status === 429) return { category: 'rate-limit', isTransient, isUnprocessed };
  const isAuth = status === 401 || status === 403 || status === 407;
  return { category: isAuth ? 'auth' : 'http', isTransient, isUnprocessed };
}
