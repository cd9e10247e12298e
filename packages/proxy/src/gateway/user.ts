import {
  bulkhead,
  checkKeys,
  checkNumber,
  InvalidOptionError,
  pipeline,
  type Policy,
  rateLimit,
  type World,
} from 'mulligan';

/** Somebody who may use the gateway. */
export interface GatewayUser {
  readonly username: string;
  readonly password: string;
  /** The user gets only proxies that have all of these tags. @default all proxies */
  readonly tags?: readonly string[];
  /** The user gets only proxies of this region, whatever the user name wishes for. @default all regions */
  readonly region?: string;
  /** How many requests and tunnels the user may have at the same time. No limit by default. */
  readonly maxConcurrent?: number;
  /** How many requests and tunnels the user may begin in a second, with a second's worth at once. No limit by default. */
  readonly ratePerSecond?: number;
}

/** How long, and beside how many others, a request waits for its turn. */
export interface QueueTerms {
  readonly queue: number;
  readonly queueMs: number;
  readonly world: World;
}

/** Checks a user. @throws {InvalidOptionError} in a sentence without the password */
export function checkUser(user: GatewayUser): GatewayUser {
  checkUserNames(user);
  const { username, password, tags = [], region = '', maxConcurrent, ratePerSecond } = user;
  const isNamed = typeof username === 'string' && username !== '' && !username.includes(':');
  if (!isNamed || typeof password !== 'string') throw bad('a list of { username, password }, without : in a user name');
  if (!Array.isArray(tags) || !tags.every((tag) => typeof tag === 'string')) throw bad('users whose tags are words');
  if (typeof region !== 'string') throw bad('users whose region is text');
  if (maxConcurrent !== undefined) checkNumber('auth.maxConcurrent', maxConcurrent, { min: 1, whole: true });
  if (ratePerSecond !== undefined) checkNumber('auth.ratePerSecond', ratePerSecond, { min: 0.001, max: 1_000_000 });
  return user;
}

/** Only the names are checked: an error must not keep a password. */
function checkUserNames(user: unknown): void {
  if (typeof user !== 'object' || user === null) throw bad('a list of { username, password }');
  const names = Object.fromEntries(Object.keys(user).map((name) => [name, undefined]));
  checkKeys('auth', names, ['username', 'password', 'tags', 'region', 'maxConcurrent', 'ratePerSecond']);
}

function bad(expected: string): InvalidOptionError {
  return new InvalidOptionError('auth', undefined, `auth must be ${expected}`);
}

/** What a user's requests run under; `undefined` without limits. */
export function limitsOf(user: GatewayUser, { queue, queueMs, world }: QueueTerms): Policy | undefined {
  const { username, maxConcurrent, ratePerSecond } = user;
  const name = `user ${username}`;
  const policies: Policy[] = [];
  if (ratePerSecond !== undefined) {
    const burst = Math.ceil(ratePerSecond);
    policies.push(rateLimit({ permits: 1, per: 1000 / ratePerSecond, burst, maxWait: queueMs, queue, name, world }));
  }
  if (maxConcurrent !== undefined) {
    policies.push(bulkhead({ concurrent: maxConcurrent, queue, queueTimeout: Math.max(1, queueMs), name, world }));
  }
  return policies.length === 0 ? undefined : pipeline(...policies);
}
