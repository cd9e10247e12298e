/** What the first bytes of a client in a tunnel are, as far as sending them again is concerned. */
export type Flight =
  /** Nothing yet, or the beginning of what may become a ClientHello. */
  | 'partial'
  /** One whole TLS ClientHello and nothing else: a server that saw it has done nothing yet. */
  | 'hello'
  /** Anything else: it may have been acted upon. */
  | 'other';

const handshakeRecord = 22;
const clientHello = 1;
const serverHello = 2;
const earlyData = 42;

/** Looks at all bytes that a client has sent into its tunnel. A ClientHello that offers early data is `other`. */
export function readFlight(bytes: Buffer): Flight {
  if (!beginsHandshake(bytes, clientHello)) return 'other';
  const message = handshakeMessage(bytes);
  if (message === undefined) return 'partial';
  if (message === 'broken') return 'other';
  return offersEarlyData(message) === false ? 'hello' : 'other';
}

/** Looks at all bytes that came back: `partial` until the first record is whole. */
export function readReturn(bytes: Buffer): 'partial' | 'hello' | 'other' {
  if (!beginsHandshake(bytes, serverHello)) return 'other';
  return bytes.length >= 5 && bytes.length >= 5 + bytes.readUInt16BE(3) ? 'hello' : 'partial';
}

function beginsHandshake(bytes: Buffer, type: number): boolean {
  const [content = handshakeRecord, major = 3, , , , kind = type] = bytes;
  return content === handshakeRecord && major === 3 && kind === type;
}

/** The one handshake message of the flight, put together from its records; `broken` when there is more than that. */
function handshakeMessage(bytes: Buffer): Buffer | 'broken' | undefined {
  const parts: Buffer[] = [];
  let at = 0;
  while (at < bytes.length) {
    if (bytes[at] !== handshakeRecord) return 'broken';
    if (at + 5 > bytes.length) return undefined;
    const end = at + 5 + bytes.readUInt16BE(at + 3);
    if (end > bytes.length) return undefined;
    parts.push(bytes.subarray(at + 5, end));
    at = end;
  }
  const whole = parts.length === 1 && parts[0] !== undefined ? parts[0] : Buffer.concat(parts);
  if (whole.length < 4) return undefined;
  const length = 4 + whole.readUIntBE(1, 3);
  if (whole.length < length) return undefined;
  return whole.length === length ? whole.subarray(4) : 'broken';
}

/** `undefined` when the ClientHello is malformed (RFC 8446 §4.1.2). */
function offersEarlyData(body: Buffer): boolean | undefined {
  try {
    let at = 2 + 32;
    at += 1 + body.readUInt8(at);
    at += 2 + body.readUInt16BE(at);
    at += 1 + body.readUInt8(at);
    if (at === body.length) return false;
    const end = at + 2 + body.readUInt16BE(at);
    if (end !== body.length) return undefined;
    for (at += 2; at < end; at += 4 + body.readUInt16BE(at + 2)) {
      if (body.readUInt16BE(at) === earlyData) return true;
    }
    return at === end ? false : undefined;
  } catch {
    return undefined;
  }
}
