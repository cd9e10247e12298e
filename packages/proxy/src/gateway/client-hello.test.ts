import { once } from 'node:events';
import { Duplex } from 'node:stream';
import { connect } from 'node:tls';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { readFlight, readReturn } from './client-hello.ts';

/** The first bytes of a real TLS client. */
async function helloOf(options: object = {}): Promise<Buffer> {
  const wire = new Duplex({
    read() {},
    write(chunk, _encoding, done) {
      wire.emit('sent', chunk);
      done();
    },
  });
  const sent = once(wire, 'sent');
  const socket = connect({ socket: wire, servername: 'example.test', ...options });
  socket.on('error', () => {});
  const [bytes] = (await sent) as [Buffer];
  socket.destroy();
  return bytes;
}

/** Adds an extension to the end of a ClientHello, with all lengths made right. */
function withExtension(hello: Buffer, type: number, data: Buffer): Buffer {
  const extension = Buffer.concat([Buffer.of(type >> 8, type & 255, data.length >> 8, data.length & 255), data]);
  const changed = Buffer.concat([hello, extension]);
  const grow = (at: number): void => void changed.writeUInt16BE(changed.readUInt16BE(at) + extension.length, at);
  grow(3);
  grow(7);
  let at = 5 + 4 + 2 + 32;
  at += 1 + changed.readUInt8(at);
  at += 2 + changed.readUInt16BE(at);
  at += 1 + changed.readUInt8(at);
  grow(at);
  return changed;
}

const hello = await helloOf();
const tls12 = await helloOf({ maxVersion: 'TLSv1.2' });

test('a ClientHello is known, whatever the version', () => {
  expect(readFlight(hello)).toBe('hello');
  expect(readFlight(tls12)).toBe('hello');
  expect(readFlight(withExtension(hello, 0x4469, Buffer.from('future')))).toBe('hello');
});

test('every beginning of a ClientHello is partial', () => {
  for (let length = 0; length < hello.length; length++) expect(readFlight(hello.subarray(0, length))).toBe('partial');
});

test('a ClientHello that offers early data may have been acted upon', () => {
  expect(readFlight(withExtension(hello, 42, Buffer.alloc(0)))).toBe('other');
});

test('anything after the ClientHello may have been acted upon', () => {
  expect(readFlight(Buffer.concat([hello, Buffer.of(23, 3, 3, 0, 1, 0)]))).toBe('other');
  expect(readFlight(Buffer.concat([hello, Buffer.of(20)]))).toBe('other');
});

test('a ClientHello cut into several records is the same ClientHello', () => {
  const body = hello.subarray(5);
  const record = (part: Buffer): Buffer =>
    Buffer.concat([Buffer.of(22, 3, 1, part.length >> 8, part.length & 255), part]);
  const cut = [record(body.subarray(0, 3)), record(body.subarray(3, 40)), record(body.subarray(40))];
  expect(readFlight(Buffer.concat(cut))).toBe('hello');
  expect(readFlight(Buffer.concat(cut.slice(0, 2)))).toBe('partial');
});

test('other protocols are other', () => {
  for (const text of ['GET / HTTP/1.1\r\n\r\n', 'SSH-2.0-x', '\x16\x04', '\x16\x03\x01\x00\x05\x02', '\x00']) {
    expect(readFlight(Buffer.from(text, 'latin1'))).toBe('other');
  }
});

test('a return is a ServerHello once its first record is whole', () => {
  const record = Buffer.of(22, 3, 3, 0, 6, 2, 0, 0, 2, 3, 3);
  for (let length = 1; length < record.length; length++) expect(readReturn(record.subarray(0, length))).toBe('partial');
  expect(readReturn(record)).toBe('hello');
  expect(readReturn(Buffer.concat([record, Buffer.from('more')]))).toBe('hello');
  expect(readReturn(Buffer.of(21, 3, 3, 0, 2, 2, 40))).toBe('other');
  expect(readReturn(Buffer.from('HTTP/1.1 502'))).toBe('other');
});

test('a changed ClientHello is never taken for one with early data left out, and nothing throws', () => {
  fc.assert(
    fc.property(
      fc.nat(hello.length - 1),
      fc.integer({ min: 0, max: 255 }),
      fc.nat(hello.length),
      (at, byte, length) => {
        const changed = Buffer.from(hello);
        changed[at] = byte;
        const flight = readFlight(changed.subarray(0, length));
        expect(['partial', 'hello', 'other']).toContain(flight);
        if (length < hello.length && at > 8) expect(flight).toBe('partial');
      },
    ),
    { numRuns: 2000 },
  );
});

test('no bytes make the readers throw', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => {
      const tail = Buffer.from(bytes);
      const tlsLike = Buffer.concat([Buffer.of(22, 3, 1, 0, tail.length, 1, 0, 0, Math.max(0, tail.length - 4)), tail]);
      for (const input of [tail, tlsLike]) {
        readFlight(input);
        readReturn(input);
      }
    }),
    { numRuns: 2000 },
  );
});
