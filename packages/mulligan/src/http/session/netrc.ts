/** What a `.netrc` file knows about a host. */
export interface NetrcEntry {
  readonly login: string;
  readonly password: string;
}

/** Finds a host in the text of a `.netrc` file; its entry named `default` stands for all hosts that have none. */
export function findNetrc(text: string, host: string): NetrcEntry | undefined {
  const tokens = tokensOf(text);
  let fallback: NetrcEntry | undefined;
  for (let i = 0; i < tokens.length; i++) {
    if (tokens[i] === 'default') fallback ??= readEntry(tokens, i + 1);
    if (tokens[i] === 'machine' && unquote(tokens[++i]) === host) return readEntry(tokens, i + 1);
  }
  return fallback;
}

/** Words, and whatever stands in double quotes. Comments are left out, and so are macros, which end with an empty line. */
function tokensOf(text: string): string[] {
  let isMacro = false;
  return text.split(/\r?\n/).flatMap((line) => {
    isMacro = line.trim() !== '' && (isMacro || /^\s*macdef\b/.test(line));
    return isMacro || /^\s*#/.test(line) ? [] : (line.match(/"(?:[^"\\]|\\.)*"|\S+/g) ?? []);
  });
}

function readEntry(tokens: readonly string[], start: number): NetrcEntry {
  const entry = { login: '', password: '' };
  for (let i = start; i < tokens.length && tokens[i] !== 'machine' && tokens[i] !== 'default'; i += 2) {
    const field = tokens[i];
    if (field === 'login' || field === 'password') entry[field] = unquote(tokens[i + 1]);
  }
  return entry;
}

function unquote(token = ''): string {
  return token.startsWith('"') ? token.slice(1, -1).replace(/\\(.)/g, '$1') : token;
}

interface Builtins {
  readonly 'node:fs': { readFileSync(path: string, encoding: 'utf8'): string };
  readonly 'node:os': { homedir(): string };
  readonly 'node:path': { join(...parts: string[]): string };
}

/** Reads the file that `NETRC` names, or `.netrc` of the home folder; empty where there is none. */
export function readNetrcFile(named: string | undefined): string {
  const { process } = globalThis as {
    process?: { getBuiltinModule?<K extends keyof Builtins>(id: K): Builtins[K] };
  };
  if (process?.getBuiltinModule === undefined) return '';
  const path =
    named ?? process.getBuiltinModule('node:path').join(process.getBuiltinModule('node:os').homedir(), '.netrc');
  try {
    return process.getBuiltinModule('node:fs').readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
