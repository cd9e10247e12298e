import { createHash, timingSafeEqual } from 'node:crypto';
import type { Policy } from 'mulligan';
import { type GatewayUser, limitsOf, type QueueTerms } from './user.ts';

/** What a client wants, as its user name says: `user-session-abc-region-eu-tag-fast`. */
export interface Wishes {
  /** Requests of one session go through the same proxy while it works. */
  readonly session?: string;
  /** Proxies of this region are preferred. */
  readonly region?: string;
  /** Only proxies with all of these tags are taken. */
  readonly tags?: readonly string[];
}

/** Who asks, and what for. */
export interface Client extends Wishes {
  /** `undefined` where the gateway asks nobody who they are. */
  readonly user?: string;
  /** Whether only proxies of `region` are taken. */
  readonly regionOnly?: boolean;
  /** What the user's requests run under. */
  readonly limits?: Policy;
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
  const [base = '', ...words] = name.split(/-(session|region|tag)-/u);
  const wishes: { session?: string; region?: string; tags?: string[] } = {};
  for (let i = 0; i + 1 < words.length; i += 2) {
    const [word, value = ''] = [words[i], words[i + 1]];
    if (value === '') continue;
    if (word === 'tag') (wishes.tags ??= []).push(value);
    else wishes[word as 'session' | 'region'] = value;
  }
  return { base, ...wishes };
}

interface KnownUser {
  readonly digest: Buffer;
  /** As a client of this name without wishes. */
  readonly client: Client & { readonly user: string };
}

/**
 * Who may use the gateway. Without users everybody may, and a user name only says what is wished for.
 * Every check takes the same time, whoever asks with whatever password.
 */
export class Doorkeeper {
  readonly #users: readonly KnownUser[];

  constructor(users: readonly GatewayUser[], terms: QueueTerms) {
    this.#users = users.map((user) => ({ digest: digestOf(user.username, user.password), client: known(user, terms) }));
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
    return whole ?? (named === undefined ? undefined : withWishes(named, wishes));
  }

  #find(username: string, password: string): KnownUser['client'] | undefined {
    const digest = digestOf(username, password);
    let found: KnownUser['client'] | undefined;
    for (const user of this.#users) if (timingSafeEqual(user.digest, digest)) found = user.client;
    return found;
  }
}

function known(user: GatewayUser, terms: QueueTerms): KnownUser['client'] {
  const { username, tags, region } = user;
  const limits = limitsOf(user, terms);
  return {
    user: username,
    ...(tags === undefined ? {} : { tags }),
    ...(region === undefined ? {} : { region, regionOnly: true }),
    ...(limits === undefined ? {} : { limits }),
  };
}

/** What a user is bound to stays; a session is the user's own. */
function withWishes(client: KnownUser['client'], { session, region, tags = [] }: Wishes): Client {
  return {
    ...client,
    ...(session === undefined ? {} : { session: `${client.user} ${session}` }),
    ...(region === undefined || client.regionOnly === true ? {} : { region }),
    ...(tags.length === 0 ? {} : { tags: [...(client.tags ?? []), ...tags] }),
  };
}

function wishesOf(username: string): Wishes {
  const { base: _, ...wishes } = readUserName(username);
  return wishes;
}

/** Digests have one length, which `timingSafeEqual` needs. */
function digestOf(username: string, password: string): Buffer {
  return createHash('sha256').update(`${username.length}:${username}:${password}`).digest();
}
