import { connect, isIP, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import type { Fault } from '../failure/index.ts';
import type { DialOptions, Place } from './options.ts';
import { PooledReads, rememberReads } from './pooled-reads.ts';
import { runStep } from './step.ts';

/** Whom a TCP connection is made to: that decides who is blamed, and how names are looked up. */
export type Callee = Extract<Fault, 'proxy' | 'target'>;

/**
 * Makes a TCP connection, without Nagle's delay and half-closable.
 * @throws {AttemptFailure} when it does not stand in time; the signal's reason when that aborts
 */
export function dialTcp(place: Place, callee: Callee, options: DialOptions = {}): Promise<Socket> {
  const lookup = callee === 'proxy' ? options.lookupProxy : options.lookupTarget;
  const reads = options.pooled === true ? new PooledReads() : undefined;
  const socket = connect({
    ...place,
    noDelay: true,
    allowHalfOpen: true,
    ...(lookup === undefined ? {} : { lookup }),
    ...(reads === undefined ? {} : { onread: reads.onread }),
  });
  if (reads !== undefined) rememberReads(socket, reads);
  // Whoever holds the socket between two steps must not be brought down by its error: 'close' follows.
  socket.on('error', ignore);
  const step = { phase: 'connect', timer: 'connectMs', blame: callee } as const;
  return runStep(socket, step, options, (done) => {
    const onConnect = (): void => done(socket);
    socket.once('connect', onConnect);
    return () => socket.off('connect', onConnect);
  });
}

/** Puts TLS on a connection to a proxy. The proxy's certificate must be valid unless `tls.verify` says otherwise. */
export function dialTls(socket: Socket, host: string, options: DialOptions = {}): Promise<Socket> {
  const { verify = true, ca } = options.tls ?? {};
  const secure = connectTls({
    socket,
    host,
    ...(isIP(host) === 0 ? { servername: host } : {}),
    ...(ca === undefined ? {} : { ca: [ca].flat() }),
    rejectUnauthorized: verify,
    ALPNProtocols: ['http/1.1'],
  });
  secure.on('error', ignore);
  return runStep(secure, { phase: 'tls', timer: 'tlsMs', blame: 'proxy' }, options, (done) => {
    const onSecure = (): void => done(secure);
    secure.once('secureConnect', onSecure);
    return () => secure.off('secureConnect', onSecure);
  });
}

function ignore(): void {}
