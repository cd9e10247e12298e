import { X509Certificate } from 'node:crypto';
import { createServer, get } from 'node:https';
import { expect, test } from 'vitest';
import { createCertificates } from './certificates.ts';
import { startListening } from './listening.ts';

const nowMs = Date.UTC(2030, 0, 15, 12, 30, 45);

test('the authority signs the certificate of the server, for its hosts and no other', () => {
  const { ca, cert } = createCertificates(['localhost', '127.0.0.1'], nowMs);
  const [authority, server] = [new X509Certificate(ca), new X509Certificate(cert)];
  expect(authority.ca).toBe(true);
  expect(server.ca).toBe(false);
  expect(server.checkIssued(authority)).toBe(true);
  expect(server.verify(authority.publicKey)).toBe(true);
  expect(authority.verify(authority.publicKey)).toBe(true);
  expect(server.subjectAltName).toBe('DNS:localhost, IP Address:127.0.0.1');
  expect(server.checkHost('localhost')).toBe('localhost');
  expect(server.checkIP('127.0.0.1')).toBe('127.0.0.1');
  expect(server.checkHost('example.com')).toBeUndefined();
});

test('certificates are valid from yesterday to tomorrow', () => {
  const { cert } = createCertificates(['localhost'], nowMs);
  const { validFrom, validTo } = new X509Certificate(cert);
  expect([Date.parse(validFrom), Date.parse(validTo)]).toEqual([nowMs - 86_400_000, nowMs + 86_400_000]);
});

test('no two starts share a key', () => {
  const [one, other] = [createCertificates(['localhost'], nowMs), createCertificates(['localhost'], nowMs)];
  expect(one.key).not.toBe(other.key);
  expect(new X509Certificate(one.cert).verify(new X509Certificate(other.ca).publicKey)).toBe(false);
});

test('a client that trusts the authority reaches the server, and one that does not refuses it', async () => {
  const { ca, cert, key } = createCertificates(['localhost', '127.0.0.1'], Date.now());
  const server = createServer({ cert, key }, (_, response) => response.end('hello'));
  const port = await startListening(server);
  const status = (trusted?: string): Promise<number | undefined> =>
    new Promise((resolve, reject) => {
      get({ host: '127.0.0.1', port, ca: trusted, agent: false }, (response) => {
        response.resume();
        resolve(response.statusCode);
      }).on('error', reject);
    });
  await expect(status(ca)).resolves.toBe(200);
  await expect(status()).rejects.toThrow(/unable to verify|self-signed/);
  server.close();
});
