import { InvalidOptionError, show } from '../kernel/index.ts';

/** From the strongest on. */
const algorithms = ['sha512', 'sha384', 'sha256'] as const;

/** What a digest can be made by. */
type DigestAlgorithm = (typeof algorithms)[number];

/** What the digest of a file must be. */
export interface Digest {
  readonly algorithm: DigestAlgorithm;
  /** In base64; any of them will do. */
  readonly values: readonly string[];
}

const lengths: Readonly<Record<DigestAlgorithm, number>> = { sha256: 32, sha384: 48, sha512: 64 };

/**
 * Reads a digest in the form of Subresource Integrity: `sha256-…`, or several, of which the strongest algorithm counts.
 * @throws {InvalidOptionError} when nothing in it can be checked
 */
export function parseIntegrity(text: string): Digest {
  const digest = strongest(
    text.split(/\s+/).flatMap((word) => {
      const [, algorithm, value] = /^(sha(?:256|384|512))-([\w+/-]+={0,2})(?:\?.*)?$/.exec(word) ?? [];
      return algorithm === undefined || value === undefined ? [] : [[algorithm, value] as const];
    }),
  );
  if (digest !== undefined) return digest;
  const form = 'sha256-, sha384- or sha512- and the digest in base64';
  throw new InvalidOptionError('integrity', text, `integrity must be ${form}, got ${show(text)}`);
}

/** Reads `Repr-Digest` (RFC 9530) into the form of Subresource Integrity; `undefined` when it tells nothing of use. */
export function parseReprDigest(header: string): string | undefined {
  const entries = Array.from(
    header.matchAll(/(?:^|,)\s*sha-(256|512)\s*=\s*:([A-Za-z\d+/]+={0,2}):/g),
    ([, bits, value]) => [`sha${bits}`, value ?? ''] as const,
  );
  const digest = strongest(entries);
  return digest && `${digest.algorithm}-${digest.values[0]}`;
}

function strongest(entries: readonly (readonly [algorithm: string, value: string])[]): Digest | undefined {
  for (const algorithm of algorithms) {
    const values = entries.flatMap(([name, value]) => {
      const bytes = Buffer.from(value, 'base64');
      return name === algorithm && bytes.length === lengths[algorithm] ? [bytes.toString('base64')] : [];
    });
    if (values.length > 0) return { algorithm, values };
  }
  return undefined;
}
