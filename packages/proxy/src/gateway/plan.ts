import { isIP, type LookupFunction } from 'node:net';
import ipaddr from 'ipaddr.js';
import {
  checkDuration,
  checkKeys,
  checkNumber,
  checkOneOf,
  InvalidOptionError,
  show,
  systemWorld,
  type World,
} from 'mulligan';
import { type DialTimers, dialTimers, type DialTls } from '../dial/index.ts';
import type { WaitBetweenProxies } from '../rotator/index.ts';
import type { GatewayLimits, GatewayOptions, GatewayTimers } from './options.ts';
import { checkUser, type GatewayUser } from './user.ts';

/** The options of a gateway, checked, in one fixed shape. Times in milliseconds. */
export interface GatewayPlan {
  readonly host: string;
  readonly port: number;
  readonly users: readonly GatewayUser[];
  readonly tls: { readonly key: string; readonly cert: string } | undefined;
  readonly connectPorts: 'any' | readonly number[];
  readonly guardsPrivate: boolean;
  readonly via: boolean;
  readonly waitBetweenProxies: WaitBetweenProxies;
  readonly connections: number;
  readonly queue: number;
  readonly queueMs: number;
  readonly headerBytes: number;
  readonly headMs: number;
  readonly idleMs: number;
  readonly bodyBytes: number;
  readonly bodyMemoryBytes: number;
  readonly timers: DialTimers;
  readonly responseMs: number;
  readonly glanceMs: number;
  readonly proxyTls: DialTls;
  readonly lookup: LookupFunction | undefined;
  readonly world: World;
}

const known: readonly (keyof GatewayOptions)[] = [
  'rotator',
  'host',
  'port',
  'auth',
  'tls',
  'connectPorts',
  'allowPrivateTargets',
  'via',
  'waitBetweenProxies',
  'limits',
  'timers',
  'proxyTls',
  'lookup',
  'world',
];
const knownLimits: readonly (keyof GatewayLimits)[] = [
  'connections',
  'queue',
  'queueTime',
  'headerBytes',
  'headTime',
  'idle',
  'bodyBytes',
  'bodyMemoryBytes',
];
const knownTimers: readonly (keyof GatewayTimers)[] = ['connect', 'tls', 'head', 'response', 'glance'];

const waits = ['policy', 'none-if-other', 'none'] as const;

/** Checks the options once. @throws {InvalidOptionError} in a sentence */
export function planGateway(options: GatewayOptions): GatewayPlan {
  checkKeys('the gateway', options, known);
  return {
    ...planAccess(options),
    port: checkNumber('port', options.port ?? 8080, { min: 0, max: 65_535, whole: true }),
    tls: options.tls,
    via: options.via ?? true,
    waitBetweenProxies: checkOneOf('waitBetweenProxies', options.waitBetweenProxies ?? 'none', waits),
    ...planLimits(options.limits ?? {}),
    ...planTimers(options.timers ?? {}),
    proxyTls: options.proxyTls ?? {},
    lookup: options.lookup,
    world: options.world ?? systemWorld,
  };
}

/** What is safe depends on who can reach the listener. */
function planAccess({ host = '127.0.0.1', auth = [], connectPorts, allowPrivateTargets }: GatewayOptions) {
  const isLoopback = isLoopbackHost(host);
  if (!isLoopback && auth.length === 0) {
    const advice = 'others can reach it: set auth, or listen on 127.0.0.1';
    throw new InvalidOptionError('auth', undefined, `the gateway needs auth to listen on ${host}: ${advice}`);
  }
  return {
    host,
    users: auth.map(checkUser),
    connectPorts: checkPorts(connectPorts ?? (isLoopback ? 'any' : [80, 443, 8443])),
    guardsPrivate: !(allowPrivateTargets ?? isLoopback),
  };
}

/** Whether only this machine can reach a listener there. */
export function isLoopbackHost(host: string): boolean {
  if (isIP(host) === 0) return host.toLowerCase() === 'localhost';
  return ipaddr.process(host).range() === 'loopback';
}

function planLimits(limits: GatewayLimits) {
  checkKeys('limits', limits, knownLimits);
  const whole = { min: 1, whole: true };
  return {
    connections: checkNumber('limits.connections', limits.connections ?? 10_000, whole),
    queue: checkNumber('limits.queue', limits.queue ?? 100, { min: 0, whole: true }),
    queueMs: checkDuration('limits.queueTime', limits.queueTime ?? '1s'),
    headerBytes: checkNumber('limits.headerBytes', limits.headerBytes ?? 16_384, {
      min: 1024,
      max: 1_048_576,
      whole: true,
    }),
    headMs: checkDuration('limits.headTime', limits.headTime ?? '10s', 1),
    idleMs: checkDuration('limits.idle', limits.idle ?? '5m', 1),
    bodyBytes: checkNumber('limits.bodyBytes', limits.bodyBytes ?? 65_536, { min: 0, whole: true }),
    bodyMemoryBytes: checkNumber('limits.bodyMemoryBytes', limits.bodyMemoryBytes ?? 33_554_432, {
      min: 0,
      whole: true,
    }),
  };
}

function planTimers(timers: GatewayTimers) {
  checkKeys('timers', timers, knownTimers);
  return {
    timers: {
      connectMs: checkDuration('timers.connect', timers.connect ?? dialTimers.connectMs, 1),
      tlsMs: checkDuration('timers.tls', timers.tls ?? dialTimers.tlsMs, 1),
      headMs: checkDuration('timers.head', timers.head ?? dialTimers.headMs, 1),
    },
    responseMs: checkDuration('timers.response', timers.response ?? '5s', 1),
    glanceMs: checkDuration('timers.glance', timers.glance ?? '100ms'),
  };
}

function checkPorts(ports: 'any' | readonly number[]): 'any' | readonly number[] {
  if (ports === 'any') return ports;
  if (!Array.isArray(ports)) {
    throw new InvalidOptionError(
      'connectPorts',
      ports,
      `connectPorts must be 'any' or a list of ports, got ${show(ports)}`,
    );
  }
  return ports.map((port) => checkNumber('connectPorts', port, { min: 1, max: 65_535, whole: true }));
}
