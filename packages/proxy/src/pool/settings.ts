import { checkKeys, checkNumber, InvalidOptionError, show } from 'mulligan';
import { parseProxyUrl, type ProxyAddress } from '../address/index.ts';
import type { DialTls } from '../dial/index.ts';

/** What a person says of a proxy. Only the URL is needed. */
export interface ProxySettings {
  /** `protocol://user:password@host:port`; protocols: http, https, socks4, socks4a, socks5, socks5h. */
  readonly url: string;
  /** Unique in its pool. @default `host:port` */
  readonly id?: string;
  /** Where the proxy is, as requests name it. @default `metadata.region`, where that is text */
  readonly region?: string;
  /** Words to choose proxies by. */
  readonly tags?: readonly string[];
  /** How often it is chosen by the weighted strategy, relative to others; above 0. @default 1 */
  readonly weight?: number;
  /** What using it costs, in any unit, for the strategy `lowest-cost`. @default 0 */
  readonly cost?: number;
  /** Anything that its owner wants to remember. */
  readonly metadata?: Readonly<Record<string, unknown>>;
  /** How many requests it may carry at the same time. No limit by default. */
  readonly maxConcurrent?: number;
  /** How many requests it may begin in a second. No limit by default. */
  readonly ratePerSecond?: number;
  /** Takes it out of the choice without forgetting it. @default false */
  readonly paused?: boolean;
  /**
   * How TLS to an `https:` proxy is checked; wins over what is said for all. `{ verify: false }` lets anybody on the
   * way read its credentials: the process warns of it.
   */
  readonly tls?: DialTls;
}

/** {@link ProxySettings}, checked once and in one fixed shape. */
export interface ProxyProfile {
  readonly id: string;
  readonly address: ProxyAddress;
  readonly region: string | undefined;
  readonly tags: readonly string[];
  readonly weight: number;
  readonly cost: number;
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly maxConcurrent: number;
  readonly ratePerSecond: number;
  readonly paused: boolean;
  readonly tls: DialTls | undefined;
}

const known = Object.keys({
  url: true,
  id: true,
  region: true,
  tags: true,
  weight: true,
  cost: true,
  metadata: true,
  maxConcurrent: true,
  ratePerSecond: true,
  paused: true,
  tls: true,
} satisfies Record<keyof ProxySettings, true>);

/** Checks the settings of a proxy. @throws {InvalidOptionError} in a sentence without credentials */
export function checkSettings(given: string | ProxySettings): ProxyProfile {
  const settings = typeof given === 'string' ? { url: given } : given;
  checkNames(settings, known);
  const address = parseProxyUrl(settings.url);
  return { ...checkChanges(settings), id: checkId(settings.id ?? address.id), address };
}

/** Only the names are checked here: an error must not keep a value that may hold credentials. */
export function checkNames(settings: object, names: readonly string[]): void {
  const isRecord = typeof settings === 'object' && settings !== null && !Array.isArray(settings);
  const bare = isRecord ? Object.fromEntries(Object.keys(settings).map((name) => [name, undefined])) : [];
  checkKeys('proxy', bare, names);
}

function checkChanges(settings: ProxySettings): Omit<ProxyProfile, 'id' | 'address'> {
  const { metadata = {}, paused = false } = settings;
  if (typeof metadata !== 'object' || metadata === null) throw bad('metadata', metadata, 'an object');
  if (typeof paused !== 'boolean') throw bad('paused', paused, 'true or false');
  const none = Number.POSITIVE_INFINITY;
  return {
    region: checkRegion(settings.region ?? metadata['region']),
    tags: checkTags(settings.tags ?? []),
    weight: checkNumber('weight', settings.weight ?? 1, { min: Number.MIN_VALUE, max: Number.MAX_VALUE }),
    cost: checkNumber('cost', settings.cost ?? 0, { min: 0 }),
    metadata: Object.freeze({ ...metadata }),
    maxConcurrent: checkNumber('maxConcurrent', settings.maxConcurrent ?? none, { min: 1, whole: true }),
    ratePerSecond: checkNumber('ratePerSecond', settings.ratePerSecond ?? none, { min: Number.MIN_VALUE }),
    paused,
    tls: settings.tls === undefined ? undefined : checkTls(settings.tls),
  };
}

function checkId(id: unknown): string {
  if (typeof id === 'string' && /^[^\s/?#]{1,200}$/.test(id)) return id;
  throw bad('id', id, 'up to 200 characters without white space, /, ? and #');
}

function checkRegion(region: unknown): string | undefined {
  if (region === undefined || region === null || region === '') return undefined;
  if (typeof region === 'string') return region;
  throw bad('region', region, 'text');
}

function checkTags(tags: unknown): readonly string[] {
  if (Array.isArray(tags) && tags.every((tag) => typeof tag === 'string')) return Object.freeze([...new Set(tags)]);
  throw bad('tags', tags, 'a list of words');
}

function checkTls(tls: DialTls): DialTls {
  checkKeys('tls', tls, ['verify', 'ca']);
  const { verify = true, ca } = tls;
  if (typeof verify !== 'boolean') throw bad('tls.verify', verify, 'true or false');
  const isText = ca === undefined || [ca].flat().every((one) => typeof one === 'string');
  if (!isText) throw bad('tls.ca', ca, 'certificates in PEM');
  return Object.freeze({ verify, ...(ca === undefined ? {} : { ca }) });
}

function bad(option: string, value: unknown, expected: string): InvalidOptionError {
  return new InvalidOptionError(option, value, `${option} must be ${expected}, got ${show(value)}`);
}
