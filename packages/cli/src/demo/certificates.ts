import { createHash, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';
import { isIPv4 } from 'node:net';
import * as der from './der.ts';

/** What a TLS server needs, and what its clients must trust: PEM texts. */
export interface Certificates {
  /** The certificate authority: what `curl --cacert` takes. Its key is forgotten once it has signed. */
  readonly ca: string;
  /** The server's certificate. */
  readonly cert: string;
  /** The server's private key. */
  readonly key: string;
}

const oids = {
  commonName: '2.5.4.3',
  ecdsaWithSha256: '1.2.840.10045.4.3.2',
  subjectKeyIdentifier: '2.5.29.14',
  keyUsage: '2.5.29.15',
  subjectAltName: '2.5.29.17',
  basicConstraints: '2.5.29.19',
  authorityKeyIdentifier: '2.5.29.35',
  extendedKeyUsage: '2.5.29.37',
  serverAuth: '1.3.6.1.5.5.7.3.1',
} as const;

const dayMs = 86_400_000;
const authorityName = 'mulligan demonstration CA';

/**
 * Makes a certificate authority (ECDSA, P-256) and a certificate that it signed for these host names and IPv4
 * addresses, for one day.
 * @param nowMs wall-clock milliseconds since 1970-01-01 UTC
 */
export function createCertificates(hosts: readonly string[], nowMs: number): Certificates {
  const [authority, server] = [generateKeys(), generateKeys()];
  const validity = der.sequence(der.utcTime(new Date(nowMs - dayMs)), der.utcTime(new Date(nowMs + dayMs)));
  const issue = (subject: string, publicKey: KeyObject, extensions: readonly Buffer[]): string =>
    toPem(signed(authority.privateKey, { subject, publicKey, validity, extensions }));
  return {
    ca: issue(authorityName, authority.publicKey, [
      extension(oids.basicConstraints, der.sequence(der.boolean(true)), 'critical'),
      // keyCertSign is the sixth bit.
      extension(oids.keyUsage, der.bits(Buffer.of(0b0000_0100), 2), 'critical'),
      keyIdentifier(authority.publicKey),
    ]),
    cert: issue(hosts[0] ?? 'localhost', server.publicKey, [
      extension(oids.basicConstraints, der.sequence(), 'critical'),
      // digitalSignature is the first bit.
      extension(oids.keyUsage, der.bits(Buffer.of(0b1000_0000), 7), 'critical'),
      extension(oids.extendedKeyUsage, der.sequence(der.oid(oids.serverAuth))),
      extension(oids.subjectAltName, der.sequence(...hosts.map(alternativeName))),
      keyIdentifier(server.publicKey),
      extension(oids.authorityKeyIdentifier, der.sequence(der.tagged(0, digestOf(authority.publicKey), 'primitive'))),
    ]),
    key: server.privateKey.export({ format: 'pem', type: 'pkcs8' }).toString(),
  };
}

function generateKeys(): { publicKey: KeyObject; privateKey: KeyObject } {
  return generateKeyPairSync('ec', { namedCurve: 'P-256' });
}

interface Contents {
  readonly subject: string;
  readonly publicKey: KeyObject;
  readonly validity: Buffer;
  readonly extensions: readonly Buffer[];
}

/** RFC 5280 §4.1. */
function signed(signer: KeyObject, { subject, publicKey, validity, extensions }: Contents): Buffer {
  const algorithm = der.sequence(der.oid(oids.ecdsaWithSha256));
  const content = der.sequence(
    der.tagged(0, der.integer(Buffer.of(2))),
    der.integer(Buffer.concat([Buffer.of(1), randomBytes(15)])),
    algorithm,
    nameOf(authorityName),
    validity,
    nameOf(subject),
    publicKey.export({ format: 'der', type: 'spki' }),
    der.tagged(3, der.sequence(...extensions)),
  );
  return der.sequence(content, algorithm, der.bits(sign('sha256', content, signer)));
}

function nameOf(commonName: string): Buffer {
  return der.sequence(der.setOf(der.sequence(der.oid(oids.commonName), der.utf8(commonName))));
}

function extension(id: string, value: Buffer, importance?: 'critical'): Buffer {
  const critical = importance === undefined ? [] : [der.boolean(true)];
  return der.sequence(der.oid(id), ...critical, der.octets(value));
}

function keyIdentifier(publicKey: KeyObject): Buffer {
  return extension(oids.subjectKeyIdentifier, der.octets(digestOf(publicKey)));
}

function digestOf(publicKey: KeyObject): Buffer {
  return createHash('sha1')
    .update(publicKey.export({ format: 'der', type: 'spki' }))
    .digest();
}

function alternativeName(host: string): Buffer {
  return isIPv4(host)
    ? der.tagged(7, Buffer.from(host.split('.').map(Number)), 'primitive')
    : der.tagged(2, Buffer.from(host), 'primitive');
}

function toPem(certificate: Buffer): string {
  const lines = certificate.toString('base64').replaceAll(/.{64}/gu, '$&\n').trimEnd();
  return `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n`;
}
