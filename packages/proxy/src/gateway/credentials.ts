import { createHash, timingSafeEqual } from 'node:crypto';

/** Somebody who may use the gateway. */
export interface GatewayUser {
  readonly username: string;
  readonly password: string;
}

/** What a client wants, as its user name says: `user-session-abc-region-eu`. */
export interface Wishes {
  /** Requests of one session go through the same proxy while it works. */
  readonly session?: string;
  /** Proxies of this region are preferred. */
  readonly region?: string;
}

/** Who asks, and what for. */
export interface Client extends Wishes {
  /** `undefined` where the gateway asks nobody who they are. */
  readonly user?: string;
}

interface GivenCredentials {
  readonly username: string;
  readonly password: string;
}

/** Reads `Proxy-Authorization: Basic …`; `undefined` for anything else. */
export function readBasic(header: string | undefined): GivenCredentials | undefined {
  const [, encoded] = /^basic +([\w+/-]+={0,2}) *$/iu.exec(header ?? '') ?? [];
  if (encoded === undefined) return undefined;
  const text = Buffer.from(encoded, 'base64').toString();
  const colon = text.indexOf(':');
  return colon < 0 ? undefined : { username: text.slice(0, colon), password: text.slice(colon + 1) };
}

/** Takes the wishes off the end of a user name: `eve-region-eu-session-a1` is `eve`, with a region and a session. */
export function readUserName(name: string): Wishes & { readonly base: string } {
  const [base = '', ...words] = name.split(/-(session|region)-/u);
  const wishes: { session?: string; region?: string } = {};
  for (let i = 0; i + 1 < words.length; i += 2) {
    const value = words[i + 1] ?? '';
    if (value !== '') wishes[words[i] as keyof Wishes] = value;
  }
  return { base, ...wishes };
}

/**
 * Who may use the gateway. Without users everybody may, and a user name only says what is wished for.
 * Every check takes the same time, whoever asks with whatever password.
 */
export class Doorkeeper {
  readonly #users: readonly { name: string; digest: Buffer }[];

  constructor(users: readonly GatewayUser[]) {
    this.#users = users.map(({ username, password }) => ({ name: username, digest: digestOf(username, password) }));
  }

  get asksForCredentials(): boolean {
    return this.#users.length > 0;
  }

  /** `undefined` for somebody who may not come in. */
  admit(given: GivenCredentials | undefined): Client | undefined {
    if (!this.asksForCredentials) return given === undefined ? {} : wishesOf(given.username);
    if (given === undefined) return undefined;
    const { base, ...wishes } = readUserName(given.username);
    // A user may be called `tom-region-north`: the whole name is tried, too.
    const whole = this.#find(given.username, given.password);
    const named = this.#find(base, given.password);
    if (whole !== undefined) return { user: whole };
    return named === undefined ? undefined : { user: named, ...wishes };
  }

  #find(username: string, password: string): string | undefined {
    const digest = digestOf(username, password);
    let found: string | undefined;
    for (const user of this.#users) if (timingSafeEqual(user.digest, digest)) found = user.name;
    return found;
  }
}

function wishesOf(username: string): Wishes {
  const { base: _, ...wishes } = readUserName(username);
  return wishes;
}

/** Digests have one length, which `timingSafeEqual` needs. */
function digestOf(username: string, password: string): Buffer {
  return createHash('sha256').update(`${username.length}:${username}:${password}`).digest();
}
