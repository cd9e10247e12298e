import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { longestFrameBytes, readCredentials, readGreeting, readRequest } from './socks-frames.ts';

test('the frames of RFC 1928 and RFC 1929 are read', () => {
  expect(readGreeting(Buffer.of(5, 2, 0, 2, 99))).toEqual({ kind: 'frame', value: [0, 2], length: 4 });
  expect(readCredentials(Buffer.from('\x01\x03eve\x02pw...'))).toMatchObject({
    value: { username: 'eve', password: 'pw' },
    length: 8,
  });
  expect(readRequest(Buffer.of(5, 1, 0, 1, 192, 0, 2, 1, 0, 80))).toMatchObject({
    value: { host: '192.0.2.1', port: 80 },
  });
  expect(readRequest(Buffer.from('\x05\x01\x00\x03\x04A.De\x01\xbb', 'latin1'))).toMatchObject({
    value: { host: 'a.de', port: 443 },
  });
  const six = Buffer.of(5, 1, 0, 4, 0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 80);
  expect(readRequest(six)).toMatchObject({ value: { host: '2001:db8::1', port: 80 }, length: 22 });
});

test('what the gateway does not do is answered with its reply code', () => {
  expect(readRequest(Buffer.of(5, 2, 0, 1))).toEqual({ kind: 'bad', reply: 7 });
  expect(readRequest(Buffer.of(5, 1, 0, 9, 0))).toEqual({ kind: 'bad', reply: 8 });
  expect(readRequest(Buffer.of(5, 1, 0, 1, 192, 0, 2, 1, 0, 0))).toEqual({ kind: 'bad', reply: 1 });
  for (const name of ['', 'a b', 'a/b', 'u@a', '[::1]']) {
    const frame = Buffer.concat([Buffer.of(5, 1, 0, 3, name.length), Buffer.from(name), Buffer.of(0, 80)]);
    expect(readRequest(frame), name).toEqual({ kind: 'bad', reply: 1 });
  }
});

test('frames in pieces ask for more until they are whole, and nothing makes a reader throw', () => {
  const bytes = fc.oneof(
    fc.uint8Array({ maxLength: 600 }),
    fc
      .tuple(fc.constantFrom(0, 1, 3, 4), fc.uint8Array({ maxLength: 300 }))
      .map(([kind, rest]) => [5, 1, 0, kind, ...rest]),
    fc.uint8Array({ maxLength: 600 }).map((rest) => [1, ...rest]),
  );
  fc.assert(
    fc.property(bytes, (input) => {
      const whole = Buffer.from(input);
      for (const read of [readGreeting, readCredentials, readRequest]) {
        const last = read(whole);
        if (last.kind === 'frame') expect(last.length).toBeLessThanOrEqual(Math.min(whole.length, longestFrameBytes));
        for (let length = 0; length < whole.length; length++) {
          const early = read(whole.subarray(0, length));
          if (early.kind !== 'more') {
            expect(early).toEqual(last);
            break;
          }
        }
      }
    }),
    { numRuns: 500 },
  );
});
