/** What a file is called when its address does not say. */
const unnamed = 'download';

/** Room for what is added to the name of an unfinished file, below the 255 bytes that file systems allow. */
const mostBytes = 200;

/** The name of the file at an address: the last part of its path, percent-decoded (source: Fromager). */
export function fileNameOf(url: string): string {
  const { pathname } = new URL(url);
  return safeName(decode(pathname.slice(pathname.lastIndexOf('/') + 1))) ?? unnamed;
}

/** The name that `Content-Disposition` gives (RFC 6266), where it gives one. It never begins with a dot. */
export function dispositionName(header: string | undefined): string | undefined {
  if (header === undefined) return undefined;
  const [, coded] = /;\s*filename\*\s*=\s*utf-8'[^']*'([^\s;]+)/i.exec(header) ?? [];
  const [, quoted, token] = /;\s*filename\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s;"]+))/i.exec(header) ?? [];
  const name = coded === undefined ? (quoted?.replaceAll(/\\(.)/g, '$1') ?? token) : decode(coded);
  const safe = name === undefined ? undefined : safeName(name);
  return safe === undefined ? undefined : safeName(safe.replace(/^[.\s]+/, ''));
}

/** A name that stays in its folder; `undefined` when nothing is left of it. */
export function safeName(given: string): string | undefined {
  const last = given.slice(Math.max(given.lastIndexOf('/'), given.lastIndexOf('\\')) + 1);
  const name = shorten(last.replaceAll(/\p{Cc}/gu, '').trim());
  return name === '' || name === '.' || name === '..' ? undefined : name;
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Keeps the ending, by which programs know what a file is. */
function shorten(name: string): string {
  if (Buffer.byteLength(name) <= mostBytes) return name;
  const ending = /\.[\w.]{1,20}$/.exec(name)?.[0] ?? '';
  let stem = name.slice(0, name.length - ending.length);
  while (Buffer.byteLength(stem + ending) > mostBytes) stem = Array.from(stem).slice(0, -1).join('');
  return stem + ending;
}
