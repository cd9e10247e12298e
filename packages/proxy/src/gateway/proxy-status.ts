import type { AttemptFailure } from '../failure/index.ts';

/** Error types of RFC 9209 §2.3 that the gateway uses. */
export type ProxyError =
  | 'connection_limit_reached'
  | 'connection_read_timeout'
  | 'connection_refused'
  | 'connection_terminated'
  | 'connection_timeout'
  | 'destination_ip_prohibited'
  | 'destination_ip_unroutable'
  | 'destination_unavailable'
  | 'dns_error'
  | 'http_protocol_error'
  | 'http_request_denied'
  | 'http_request_error'
  | 'http_response_incomplete'
  | 'http_response_timeout'
  | 'proxy_configuration_error'
  | 'proxy_internal_error'
  | 'proxy_loop_detected'
  | 'tls_certificate_error'
  | 'tls_protocol_error';

const byCode: Readonly<Record<string, ProxyError>> = {
  ECONNREFUSED: 'connection_refused',
  ECONNRESET: 'connection_terminated',
  EPIPE: 'connection_terminated',
  EHOSTUNREACH: 'destination_ip_unroutable',
  ENETUNREACH: 'destination_ip_unroutable',
  ENOTFOUND: 'dns_error',
  EAI_AGAIN: 'dns_error',
};

/** The RFC 9209 error type of a failed attempt. */
export function errorTypeOf(failure: AttemptFailure): ProxyError {
  const { phase, status, cause } = failure;
  const code = (cause as NodeJS.ErrnoException | undefined)?.code ?? '';
  if (status === 407) return 'proxy_configuration_error';
  if (status !== undefined) return 'destination_unavailable';
  if (code === 'ETIMEDOUT') return timeouts[phase];
  if (phase === 'tls')
    return code.startsWith('ERR_SSL') || code === '' ? 'tls_protocol_error' : 'tls_certificate_error';
  const known = byCode[code];
  if (known !== undefined) return known;
  if (code.startsWith('HPE_') || phase === 'handshake') return 'http_protocol_error';
  return phase === 'head' || phase === 'body' ? 'http_response_incomplete' : 'connection_terminated';
}

const timeouts: Readonly<Record<AttemptFailure['phase'], ProxyError>> = {
  connect: 'connection_timeout',
  tls: 'connection_timeout',
  handshake: 'connection_read_timeout',
  head: 'http_response_timeout',
  body: 'connection_read_timeout',
};

/** The value of `Proxy-Status`: who answers, which error, and a few words. */
export function formatProxyStatus(error: ProxyError, details: string): string {
  return `mulligan; error=${error}; details="${toSfString(details)}"`;
}

/** A structured-field string holds printable ASCII only, with `"` and `\` escaped. */
function toSfString(text: string): string {
  return text.replace(/[^\u0020-\u007e]/gu, '?').replace(/["\\]/gu, String.raw`\$&`);
}
