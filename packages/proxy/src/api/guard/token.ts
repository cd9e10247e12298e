import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

/** A new token: 192 random bits in characters that are safe in a header and in an address. */
export function createToken(): string {
  return randomBytes(24).toString('base64url');
}

/** Compares what a client sent with the token, in a time that tells nothing about either. */
export function tokenCheck(token: string): (given: string | undefined) => boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  const expected = digest(token);
  return (given) => given !== undefined && timingSafeEqual(digest(given), expected);
}

/** The token of a request: `X-API-Key`, or `Authorization: Bearer` for programs that know only that. */
export function tokenOf(header: (name: string) => string | undefined): string | undefined {
  return header('x-api-key') ?? /^bearer +(\S+)$/iu.exec(header('authorization') ?? '')?.[1];
}
