/** What is used of Node's modules: nothing here may import them, because other platforms have none. */
interface Modules {
  readonly 'node:http': { request(options: object): TunnelRequest };
  readonly 'node:https': { request(options: object): TunnelRequest };
  readonly 'node:tls': { connect(options: object): Socket };
}

/** `process.getBuiltinModule`. */
export type NodeBuiltins = <K extends keyof Modules>(id: K) => Modules[K];

/** A connection of Node. */
export interface Socket {
  on(event: 'error', listener: () => void): this;
  once(event: 'error', listener: (error: Error) => void): this;
  once(event: 'secureConnect', listener: () => void): this;
  off(event: 'error', listener: (error: Error) => void): this;
  setTimeout(ms: number, listener?: () => void): this;
  destroy(error?: Error): this;
}

interface TunnelRequest {
  once(event: 'error', listener: (error: Error) => void): this;
  once(event: 'timeout', listener: () => void): this;
  once(event: 'connect', listener: (response: { statusCode: number }, socket: Socket) => void): this;
  destroy(error: Error): this;
  end(): this;
}

/** Where Node's `fetch` wants a connection to. */
interface ConnectTarget {
  readonly hostname: string;
  readonly port: string;
  readonly servername?: string | null;
}

/** Makes a connection for Node's `fetch`. */
export type Connect = (
  target: ConnectTarget,
  done: (...outcome: [error: Error, socket: null] | [error: null, socket: Socket]) => void,
) => void;
