/** Fields that speak of one connection only (RFC 9110 §7.6.1), and `Content-Length`: each hop frames for itself. */
const hopByHop: ReadonlySet<string> = new Set([
  'connection',
  'content-length',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authentication-info',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

/**
 * The fields of a message that go to the other side: without the hop-by-hop ones, and without all that `Connection`
 * nominates. Order, spelling and repetition are kept.
 * @param raw names and values in turn, as `rawHeaders` of `node:http`
 * @param except further names to leave out, in lower case
 */
export function endToEnd(raw: readonly string[], except: readonly string[] = []): string[] {
  const nominated = nominatedBy(raw);
  const kept: string[] = [];
  for (let i = 0; i + 1 < raw.length; i += 2) {
    const name = raw[i] ?? '';
    const key = name.toLowerCase();
    if (hopByHop.has(key) || nominated?.has(key) === true || except.includes(key)) continue;
    kept.push(name, raw[i + 1] ?? '');
  }
  return kept;
}

/** Names in `Connection`; most messages nominate nothing of their own, and get no set. */
function nominatedBy(raw: readonly string[]): Set<string> | undefined {
  let names: Set<string> | undefined;
  for (let i = 0; i + 1 < raw.length; i += 2) {
    const key = raw[i]?.toLowerCase();
    if (key !== 'connection' && key !== 'proxy-connection') continue;
    for (const token of (raw[i + 1] ?? '').toLowerCase().split(',')) {
      const name = token.trim();
      if (name !== '' && name !== 'keep-alive' && name !== 'close') (names ??= new Set()).add(name);
    }
  }
  return names;
}
