// What does the gateway cost, beside a bare relay and other proxies?
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { startProgram, startRelays, stopAll, usageOf } from './gateway/contenders.mjs';
import { bandwidth, idle, plain, tunnels } from './gateway/load.mjs';
import { median } from './measure.mjs';

const rounds = 5;
const warmUps = 3;
const forMs = 700;
const idleTunnels = 2000;
const forwards = 'mulligan, to an upstream';
const bare = 'bare Node relay, to an upstream';

/** @typedef {import('./gateway/contenders.mjs').Relay} Relay */
/** @typedef {{ count: number, ms: number, p50Ms?: number }} Sample */
/** @typedef {{ perUnitUs: number, cpuUs: number, p50Ms: number }} Figures */

/**
 * Samples each path in turns, so that what else the machine does falls on all alike.
 *
 * @param {Relay[]} paths
 * @param {(path: Relay) => Promise<Sample>} take
 */
async function compare(paths, take) {
  const figures = paths.map(() => /** @type {Figures[]} */ ([]));
  for (let round = -warmUps; round < rounds; round++) {
    for (const [at, path] of paths.entries()) {
      const before = usageOf(path.pid).cpuMs;
      const { count, ms, p50Ms = Number.NaN } = await take(path);
      const cpuMs = usageOf(path.pid).cpuMs - before;
      // A server runs for long: its first seconds say nothing.
      if (round >= 0) figures[at]?.push({ perUnitUs: (ms * 1000) / count, cpuUs: (cpuMs * 1000) / count, p50Ms });
    }
  }
  return paths.map((path, at) => ({ path, figures: figures[at] ?? [] }));
}

/**
 * Each row with the median of its ratios to the bare relay in the same round.
 *
 * @param {Awaited<ReturnType<typeof compare>>} results
 * @param {(figures: Figures[]) => Record<string, number>} more
 */
function rowsOf(results, more) {
  const base = results.find(({ path }) => path.name === bare)?.figures ?? [];
  return results.map(({ path, figures }) => {
    const ratios = figures.map(({ perUnitUs }, round) => perUnitUs / (base[round]?.perUnitUs ?? Number.NaN));
    const { name, remark } = path;
    return { name, ...(remark && { remark }), time: round(median(ratios)), ...more(figures) };
  });
}

const round = (/** @type {number} */ value) => Number(value.toPrecision(3));

/** Processor time; nothing for the direct path, which no relay works for. @param {Figures[]} figures */
function cpuOf(figures) {
  const cpu = round(median(figures.map(({ cpuUs }) => cpuUs)));
  return Number.isFinite(cpu) ? { cpu } : {};
}

/** @param {Figures[]} figures */
const perSecond = (figures) => Math.round(1e6 / median(figures.map(({ perUnitUs }) => perUnitUs)));

/** What the questions below are asked of. @typedef {{ paths: Relay[], job: (path: Relay) => import('./gateway/load.mjs').Job }} Field */

/** @param {Field} field */
async function manyClients({ paths, job }) {
  const results = await compare(paths, (path) => plain({ ...job(path), clients: 32 }));
  return {
    title: 'Plain requests, 32 clients at once',
    note: 'Time is that of a request at full load, against the bare relay. CPU is that of the relay.',
    columns: { time: 'time, ratio', cpu: 'CPU µs a request', rate: 'requests a second' },
    rows: rowsOf(results, (figures) => ({ ...cpuOf(figures), rate: perSecond(figures) })),
    goals: [
      { row: forwards, column: 'time', most: 1, times: bare },
      { row: forwards, column: 'time', most: 0.5, times: 'proxy-chain, to an upstream' },
    ],
  };
}

/** @param {Field} field */
async function oneClient({ paths, job }) {
  const results = await compare(paths, (path) => plain({ ...job(path), clients: 1 }));
  return {
    title: 'Plain requests, one client',
    columns: { p50: 'median ms', time: 'time, ratio' },
    rows: rowsOf(results, (figures) => ({ p50: round(median(figures.map(({ p50Ms }) => p50Ms))) })),
    goals: [{ row: forwards, column: 'p50', most: 0.4 }],
  };
}

/** @param {Field} field */
async function newTunnels({ paths, job }) {
  const results = await compare(paths, (path) => tunnels({ ...job(path), clients: 16 }));
  return {
    title: 'CONNECT, one request, close; 16 clients at once',
    columns: { time: 'time, ratio', cpu: 'CPU µs a tunnel', rate: 'tunnels a second' },
    rows: rowsOf(results, (figures) => ({ ...cpuOf(figures), rate: perSecond(figures) })),
    goals: [{ row: forwards, column: 'time', most: 1, times: bare }],
  };
}

/** @param {Field} field */
async function throughput({ paths, job }) {
  const results = await compare(paths, (path) => bandwidth({ ...job(path), clients: 4 }));
  return {
    title: 'Bytes through four tunnels',
    note: 'Time is that of a byte, against the bare relay.',
    columns: { time: 'time, ratio', rate: 'MB a second' },
    rows: rowsOf(results, (figures) => ({ rate: Math.round(perSecond(figures) / 1e6) })),
    goals: [{ row: forwards, column: 'time', most: 1, times: bare }],
  };
}

/** @param {Field} field */
async function memory({ paths, job }) {
  const rows = [];
  for (const path of paths.filter(({ pid }) => pid > 0)) {
    const before = usageOf(path.pid).bytes;
    const close = await idle({ ...job(path), clients: idleTunnels });
    const bytes = Math.round((usageOf(path.pid).bytes - before) / idleTunnels);
    close();
    if (Number.isFinite(bytes)) rows.push({ name: path.name, bytes });
  }
  return {
    title: `Memory of an idle tunnel, of ${idleTunnels}`,
    columns: { bytes: 'bytes a tunnel' },
    rows,
    goals: [{ row: forwards, column: 'bytes', most: 25_000 }],
  };
}

export async function measure() {
  try {
    // The load and the origin share one core, what is measured has the other.
    if (existsSync('/usr/bin/taskset'))
      execFileSync('taskset', ['-acp', '1', String(process.pid)], { stdio: 'ignore' });
    const { port: target } = await startProgram('./origin.mjs', { core: 1 });
    const paths = [{ name: 'direct', port: target, pid: 0 }, ...(await startRelays(target))];
    const field = { paths, job: (/** @type {Relay} */ { port }) => ({ via: port, target, forMs }) };
    const tables = [];
    // Memory first: later the processes have grown.
    for (const question of [memory, manyClients, oneClient, newTunnels, throughput]) tables.push(await question(field));
    return [...tables.slice(1), ...tables.slice(0, 1)];
  } finally {
    stopAll();
  }
}
