/**
 * The few forms of DER (ITU-T X.690) that a certificate is made of. Each function returns one whole element.
 */
const tags = { boolean: 0x01, integer: 0x02, bits: 0x03, octets: 0x04, oid: 0x06, utf8: 0x0c, utcTime: 0x17 } as const;
const sequenceTag = 0x30;
const setTag = 0x31;

function element(tag: number, content: Uint8Array): Buffer {
  return Buffer.concat([Buffer.from([tag, ...lengthOf(content)]), content]);
}

function lengthOf({ length }: Uint8Array): number[] {
  if (length < 0x80) return [length];
  return length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
}

/** Elements in order. */
export function sequence(...elements: readonly Uint8Array[]): Buffer {
  return element(sequenceTag, Buffer.concat(elements));
}

/** A set of one element, the only one that needs no sorting. */
export function setOf(only: Uint8Array): Buffer {
  return element(setTag, only);
}

/** `[number]` around elements; `primitive` where it replaces the tag of a primitive element. */
export function tagged(number: number, content: Uint8Array, form: 'constructed' | 'primitive' = 'constructed'): Buffer {
  return element((form === 'constructed' ? 0xa0 : 0x80) | number, content);
}

export function boolean(value: boolean): Buffer {
  return element(tags.boolean, Buffer.from([value ? 0xff : 0]));
}

/** A whole number that is not negative, as big-endian bytes. */
export function integer(bytes: Uint8Array): Buffer {
  const isHighBitSet = (bytes[0] ?? 0) >= 0x80;
  return element(tags.integer, isHighBitSet ? Buffer.concat([Buffer.of(0), bytes]) : bytes);
}

/** Bits that fill whole bytes but for `unused` ones at the end. */
export function bits(bytes: Uint8Array, unused = 0): Buffer {
  return element(tags.bits, Buffer.concat([Buffer.of(unused), bytes]));
}

export function octets(bytes: Uint8Array): Buffer {
  return element(tags.octets, bytes);
}

export function utf8(text: string): Buffer {
  return element(tags.utf8, Buffer.from(text));
}

/** A moment from 1950 to 2049, to the second. */
export function utcTime(date: Date): Buffer {
  const digits = date.toISOString().replaceAll(/\D/gu, '');
  return element(tags.utcTime, Buffer.from(`${digits.slice(2, 14)}Z`));
}

/** An object identifier such as `2.5.29.17`. */
export function oid(dotted: string): Buffer {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number);
  return element(tags.oid, Buffer.from([first * 40 + second, ...rest.flatMap(base128)]));
}

function base128(number: number): number[] {
  const digits = [number & 0x7f];
  for (let left = number >> 7; left > 0; left >>= 7) digits.unshift((left & 0x7f) | 0x80);
  return digits;
}
