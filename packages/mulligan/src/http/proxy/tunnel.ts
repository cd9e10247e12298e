import type { Connect, NodeBuiltins, Socket } from './builtins.ts';
import { ProxyRefusedError } from './refused-error.ts';
import { credentialsOf, portOf } from './rules.ts';

/** As long as Node's `fetch` itself tries to connect. */
const connectTimeoutMs = 10_000;

/** What a proxy wants to know of whoever asks; nothing for a proxy that anybody may use. */
export function proxyAuthorization(proxy: URL): Record<string, string> {
  const { username, password } = credentialsOf(proxy);
  if (username === '' && password === '') return {};
  const bytes = new TextEncoder().encode(`${username}:${password}`);
  return { 'proxy-authorization': `Basic ${btoa(String.fromCharCode(...bytes))}` };
}

/** How Node's `fetch` gets encrypted connections that lead through a proxy: by `CONNECT`, with TLS to the target inside. */
export function connectThrough(proxy: URL, builtin: NodeBuiltins): Connect {
  return (target, done) => {
    const host = withoutBrackets(target.hostname);
    const authority = `${host.includes(':') ? `[${host}]` : host}:${target.port || 443}`;
    const request = builtin(proxy.protocol === 'https:' ? 'node:https' : 'node:http').request({
      host: withoutBrackets(proxy.hostname),
      port: portOf(proxy),
      method: 'CONNECT',
      path: authority,
      headers: { host: authority, ...proxyAuthorization(proxy) },
      agent: false,
      timeout: connectTimeoutMs,
    });
    request.once('error', (error) => done(error, null));
    request.once('timeout', () => request.destroy(tooLate(proxy.host)));
    request.once('connect', ({ statusCode }, socket) => {
      // What befalls it from here on is told by what lies above it.
      socket.on('error', () => {});
      if (statusCode >= 200 && statusCode < 300) {
        socket.setTimeout(0);
        encrypt(socket, { host, servername: target.servername ?? '' }, builtin, done);
        return;
      }
      socket.destroy();
      done(new ProxyRefusedError(proxy.host, authority, statusCode), null);
    });
    request.end();
  };
}

/** Speaks TLS to the target through the tunnel. */
function encrypt(
  socket: Socket,
  target: { readonly host: string; readonly servername: string },
  builtin: NodeBuiltins,
  done: Parameters<Connect>[1],
): void {
  const encrypted = builtin('node:tls').connect({ socket, ...target, ALPNProtocols: ['http/1.1'] });
  const failed = (error: Error): void => done(error, null);
  encrypted.once('error', failed);
  encrypted.setTimeout(connectTimeoutMs, () => encrypted.destroy(tooLate(target.host)));
  encrypted.once('secureConnect', () => {
    encrypted.setTimeout(0);
    encrypted.off('error', failed);
    done(null, encrypted);
  });
}

function withoutBrackets(host: string): string {
  return host.replaceAll(/[[\]]/g, '');
}

function tooLate(host: string): Error {
  return Object.assign(new Error(`no connection to ${host} within ${connectTimeoutMs} ms`), {
    code: 'UND_ERR_CONNECT_TIMEOUT',
  });
}
