/** What the head of an HTTP answer says, as far as a tunnel needs it. */
export interface AnswerHead {
  readonly status: number;
  /** By lower-case name; repeated fields are joined by a comma. */
  readonly headers: ReadonlyMap<string, string>;
  /** How many bytes the head takes; what follows belongs to the tunnel. */
  readonly length: number;
}

/** What is known of an answer after some of its bytes. */
export type AnswerProgress =
  | { readonly kind: 'more' }
  | { readonly kind: 'head'; readonly head: AnswerHead }
  | { readonly kind: 'bad'; readonly why: string };

/** The longest head that is read. Only the head is bounded: any amount of payload may come glued to it. */
export const longestHeadBytes: number = 16 * 1024;

const more: AnswerProgress = { kind: 'more' };
const protocol = 'HTTP/1.';
const statusLine = /^HTTP\/1\.[01] ([1-9]\d\d)(?: |$)/u;

/**
 * Reads the head of an HTTP/1 answer from all bytes that have come so far. Interim answers (1xx) are skipped.
 * What it says of some bytes holds for all longer ones that begin with them, unless it says `more`.
 */
export function readAnswer(bytes: Buffer): AnswerProgress {
  for (let start = 0; ;) {
    if (!beginsLikeHttp(bytes, start)) return { kind: 'bad', why: 'the answer is not HTTP' };
    const end = endOfHead(bytes, start);
    if (end === undefined) return bytes.length < longestHeadBytes ? more : tooLong;
    const lines = bytes.toString('latin1', start, end).split(/\r?\n/u);
    const status = Number(statusLine.exec(lines[0] ?? '')?.[1]);
    if (Number.isNaN(status)) return { kind: 'bad', why: 'the status line of the answer is malformed' };
    if (status >= 200 || status === 101)
      return { kind: 'head', head: { status, headers: fieldsOf(lines), length: end } };
    start = end;
  }
}

const tooLong: AnswerProgress = { kind: 'bad', why: `the head of the answer is longer than ${longestHeadBytes} bytes` };

function beginsLikeHttp(bytes: Buffer, start: number): boolean {
  const seen = bytes.toString('latin1', start, start + protocol.length);
  return protocol.startsWith(seen);
}

/** Where the empty line ends. Old proxies end lines with a bare line feed; nothing is forwarded, so that is harmless. */
function endOfHead(bytes: Buffer, start: number): number | undefined {
  const limit = Math.min(bytes.length, longestHeadBytes);
  for (let at = bytes.indexOf(10, start); at !== -1 && at < limit; at = bytes.indexOf(10, at + 1)) {
    const next = bytes[at + 1] === 13 ? at + 2 : at + 1;
    if (next < limit && bytes[next] === 10) return next + 1;
  }
  return undefined;
}

function fieldsOf(lines: readonly string[]): Map<string, string> {
  const fields = new Map<string, string>();
  for (const line of lines.slice(1)) {
    const [, name, value = ''] = /^([^\s:]+):[ \t]*(.*?)[ \t]*$/u.exec(line) ?? [];
    if (name === undefined) continue;
    const key = name.toLowerCase();
    const before = fields.get(key);
    fields.set(key, before === undefined ? value : `${before}, ${value}`);
  }
  return fields;
}
