import { lookup as dnsLookup, type LookupAddress } from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';
import { hostname, networkInterfaces } from 'node:os';
import ipaddr from 'ipaddr.js';
import type { Place } from '../dial/index.ts';
import { AttemptFailure, type Fault } from '../failure/index.ts';

/** The gateway does not go there, whatever the client says. */
export class TargetRefused extends AttemptFailure {
  override name = 'TargetRefused';

  constructor(message: string, fault: Fault = 'client') {
    super(message, { fault, mayFailOver: fault === 'proxy', phase: 'connect' });
  }
}

/** What {@link TargetPolicy} is made of. */
export interface TargetRules {
  /** Whether private, link-local, metadata and other special addresses are refused. */
  readonly guardsPrivate: boolean;
  /** The ports that a tunnel may go to. */
  readonly connectPorts: 'any' | readonly number[];
  /** Where this process itself listens: never a target. Asked each time, because listeners come and go. */
  readonly listeners: () => readonly Place[];
  /** @default dns.lookup */
  readonly lookup?: LookupFunction;
}

/** Mail: an open relay for spam is the oldest abuse of a proxy. */
const smtp = 25;

/** Names by which clouds offer their secrets, and the one address for it that is not in a special range. */
const metadataNames: ReadonlySet<string> = new Set(['metadata', 'metadata.google.internal', 'metadata.goog']);
const metadataAddresses: ReadonlySet<string> = new Set(['168.63.129.16']);

/**
 * Where the gateway goes. Addresses are judged as numbers, never as text. Where a name is looked up here, every
 * address that it has is judged and the connection is made to those, so that a second look-up cannot differ. Where
 * a proxy looks the name up, only the name can be judged.
 */
export class TargetPolicy {
  readonly #rules: TargetRules;
  readonly #ownName = hostname().toLowerCase();

  constructor(rules: TargetRules) {
    this.#rules = rules;
  }

  /** Judges a target before anything is dialled. @throws {TargetRefused} */
  async check({ host, port }: Place, isTunnel: boolean): Promise<void> {
    if (isTunnel || port === smtp) this.#checkPort(port);
    if (isIP(host) !== 0) {
      this.#checkAddress(host, port);
      return;
    }
    this.#checkName(host, port);
    // A proxy on this machine would find us under any name that leads here.
    if (this.#listensOn(port)) await this.#checkResolved({ host, port });
  }

  /** A look-up that fails for what may not be dialled. */
  lookupTarget(port: number): LookupFunction {
    return this.#guardedLookup((address) => this.#checkAddress(address, port));
  }

  /** The same for a proxy: it may be anywhere, but must not be this gateway. */
  lookupProxy(port: number): LookupFunction {
    return this.#guardedLookup((address) => this.#checkProxyAddress(address, port));
  }

  /** Judges a proxy that is given by its address, for which no look-up happens. @throws {TargetRefused} */
  checkProxy({ host, port }: Place): void {
    if (isIP(host) !== 0) this.#checkProxyAddress(host, port);
  }

  #checkPort(port: number): void {
    const { connectPorts } = this.#rules;
    const isAllowed = connectPorts === 'any' ? port !== smtp : connectPorts.includes(port);
    if (!isAllowed) throw new TargetRefused(`connections to port ${port} are not allowed`);
  }

  #checkName(name: string, port: number): void {
    const bare = (name.endsWith('.') ? name.slice(0, -1) : name).toLowerCase();
    const isLocal = bare === 'localhost' || bare.endsWith('.localhost') || bare === this.#ownName;
    if (isLocal && this.#listensOn(port)) throw new TargetRefused('the gateway does not connect to itself');
    if (!this.#rules.guardsPrivate) return;
    if (isLocal || metadataNames.has(bare)) throw new TargetRefused(`${bare} is not a public name`);
  }

  #checkAddress(text: string, port: number): void {
    const isOurPort = this.#listensOn(port);
    if (!isOurPort && !this.#rules.guardsPrivate) return;
    const address = ipaddr.process(text);
    if (isOurPort && isThisMachine(address)) throw new TargetRefused('the gateway does not connect to itself');
    if (!this.#rules.guardsPrivate) return;
    if (address.range() !== 'unicast' || metadataAddresses.has(address.toString())) {
      throw new TargetRefused(`${address.toString()} is not a public address`);
    }
  }

  #checkProxyAddress(text: string, port: number): void {
    if (!this.#listensOn(port) || !isThisMachine(ipaddr.process(text))) return;
    throw new TargetRefused('the proxy is this gateway itself', 'proxy');
  }

  #listensOn(port: number): boolean {
    return this.#rules.listeners().some((listener) => listener.port === port);
  }

  #checkResolved({ host, port }: Place): Promise<void> {
    return new Promise((resolve, reject) => {
      this.lookupTarget(port)(host, { all: true }, (error) => {
        // A name that is not known here may still be known to the proxy.
        if (error instanceof TargetRefused) reject(error);
        else resolve();
      });
    });
  }

  #guardedLookup(check: (address: string) => void): LookupFunction {
    const { lookup = dnsLookup } = this.#rules;
    return (name, options, callback) => {
      lookup(name, { ...options, all: true }, (error, found, family) => {
        if (error !== null) return callback(error, found, family);
        const addresses = Array.isArray(found) ? found : [{ address: found, family: family ?? isIP(found) }];
        answerLookup(addresses, options.all === true, check, callback);
      });
    };
  }
}

function answerLookup(
  addresses: LookupAddress[],
  all: boolean,
  check: (address: string) => void,
  callback: Parameters<LookupFunction>[2],
): void {
  const [first] = addresses;
  try {
    for (const { address } of addresses) check(address);
  } catch (error) {
    callback(error as Error, []);
    return;
  }
  if (all || first === undefined) callback(null, addresses);
  else callback(null, first.address, first.family);
}

/** Whether a connection to this address ends on this machine. */
function isThisMachine(address: ipaddr.IPv4 | ipaddr.IPv6): boolean {
  const range = address.range();
  if (range === 'loopback' || range === 'unspecified') return true;
  const text = address.toNormalizedString();
  return Object.values(networkInterfaces()).some((list) =>
    list?.some((own) => ipaddr.process(own.address).toNormalizedString() === text),
  );
}
