import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { AttemptFailure, type AttemptFailureDetails } from '../failure/index.ts';
import { ownAnswer } from './own-answer.ts';
import { errorTypeOf, formatProxyStatus } from './proxy-status.ts';

const failure = (details: Partial<AttemptFailureDetails>): AttemptFailure =>
  new AttemptFailure('x', { fault: 'proxy', mayFailOver: true, phase: 'connect', ...details });
const coded = (code: string): Error => Object.assign(new Error(code), { code });

test('failures have the error types of RFC 9209', () => {
  expect(errorTypeOf(failure({ cause: coded('ECONNREFUSED') }))).toBe('connection_refused');
  expect(errorTypeOf(failure({ cause: coded('ETIMEDOUT') }))).toBe('connection_timeout');
  expect(errorTypeOf(failure({ cause: coded('ENOTFOUND') }))).toBe('dns_error');
  expect(errorTypeOf(failure({ phase: 'tls', cause: coded('CERT_HAS_EXPIRED') }))).toBe('tls_certificate_error');
  expect(errorTypeOf(failure({ phase: 'tls', cause: coded('ERR_SSL_WRONG_VERSION_NUMBER') }))).toBe(
    'tls_protocol_error',
  );
  expect(errorTypeOf(failure({ phase: 'handshake', status: 407 }))).toBe('proxy_configuration_error');
  expect(errorTypeOf(failure({ phase: 'handshake', status: 502 }))).toBe('destination_unavailable');
  expect(errorTypeOf(failure({ phase: 'head', cause: coded('HPE_INVALID_CONSTANT') }))).toBe('http_protocol_error');
  expect(errorTypeOf(failure({ phase: 'head', cause: coded('ECONNRESET') }))).toBe('connection_terminated');
});

test('details are a structured-field string, whatever they hold', () => {
  expect(formatProxyStatus('dns_error', 'a "b" \\ ü\r\nX: y')).toBe(
    String.raw`mulligan; error=dns_error; details="a \"b\" \\ ???X: y"`,
  );
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      expect(formatProxyStatus('dns_error', text)).toMatch(
        /^mulligan; error=dns_error; details="(?:[\x20\x21\x23-\x5b\x5d-\x7e]|\\["\\])*"$/u,
      );
    }),
  );
});

test('a page shows nothing that it was not meant to', () => {
  const trouble = { status: 502, error: 'connection_refused', message: '<script>alert(1)</script>' } as const;
  const note = {
    proxyId: '"><img>',
    error: 'connection_refused',
    message: '&',
    status: undefined,
    durationMs: 3.4,
  } as const;
  const { body, headers } = ownAnswer(trouble, { requestId: 'id', attempts: [note], accept: 'text/html,*/*' });
  expect(body).not.toMatch(/<script|<img/u);
  expect(body).toContain('(3 ms)');
  expect(headers).toContain("default-src 'none'; style-src 'unsafe-inline'");
});

test('a program gets JSON with every attempt', () => {
  const trouble = { status: 503, error: 'destination_unavailable', message: 'none', retryAfterMs: 1200 } as const;
  const note = {
    proxyId: undefined,
    error: 'connection_refused',
    message: 'refused',
    status: 503,
    durationMs: 1234,
  } as const;
  const { body, headers } = ownAnswer(trouble, { requestId: 'id', attempts: [note], accept: '*/*' });
  expect(JSON.parse(body)).toEqual({
    status: 503,
    error: 'destination_unavailable',
    message: 'none',
    request_id: 'id',
    attempts: [{ proxy: 'direct', error: 'connection_refused', message: 'refused', status: 503, duration: 1.234 }],
  });
  expect(headers[headers.indexOf('Retry-After') + 1]).toBe('2');
});
