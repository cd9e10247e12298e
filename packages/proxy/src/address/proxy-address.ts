/** How a proxy is spoken to. `socks5h` and `socks4a` let the proxy look up the target's name, the others do not. */
export const proxyProtocols = ['http', 'https', 'socks4', 'socks4a', 'socks5', 'socks5h'] as const;

/** See {@link proxyProtocols}. */
export type ProxyProtocol = (typeof proxyProtocols)[number];

/** The port of a proxy whose URL names none. */
export const defaultPorts: Readonly<Record<ProxyProtocol, number>> = {
  http: 80,
  https: 443,
  socks4: 1080,
  socks4a: 1080,
  socks5: 1080,
  socks5h: 1080,
};

/** What a {@link ProxyAddress} is made of. */
export interface ProxyAddressParts {
  readonly protocol: ProxyProtocol;
  /** A name or an IP address; IPv6 without its brackets. */
  readonly host: string;
  readonly port: number;
  readonly username?: string | undefined;
  readonly password?: string | undefined;
}

/**
 * Where a proxy is and who may use it. The credentials are reached by name only: they are no own properties, so
 * printing, spreading or serialising an address never shows them.
 */
export class ProxyAddress {
  /** `host:port`, with brackets around an IPv6 address. */
  readonly id: string;
  readonly protocol: ProxyProtocol;
  readonly host: string;
  readonly port: number;
  readonly #username: string | undefined;
  readonly #password: string | undefined;

  constructor({ protocol, host, port, username, password }: ProxyAddressParts) {
    this.id = `${host.includes(':') ? `[${host}]` : host}:${port}`;
    this.protocol = protocol;
    this.host = host;
    this.port = port;
    this.#username = username;
    this.#password = password;
  }

  get username(): string | undefined {
    return this.#username;
  }

  get password(): string | undefined {
    return this.#password;
  }

  get hasCredentials(): boolean {
    return this.#username !== undefined;
  }

  /** The URL without credentials. */
  toString(): string {
    return formatAddress(this);
  }

  /** The URL without credentials. */
  toJSON(): string {
    return formatAddress(this);
  }
}

/** The URL of a proxy without its credentials. */
export function formatAddress({ protocol, id }: ProxyAddress): string {
  return `${protocol}://${id}`;
}

/** The URL of a proxy with its credentials: for a file that the user asked for, never for logs, pages or metrics. */
export function formatWithCredentials(address: ProxyAddress): string {
  const { protocol, id, username, password } = address;
  if (username === undefined) return formatAddress(address);
  const secret = password === undefined ? '' : `:${encodeURIComponent(password)}`;
  return `${protocol}://${encodeURIComponent(username)}${secret}@${id}`;
}
