import { readFile, readlink } from 'node:fs/promises';
import { hostname, uptime } from 'node:os';
import { threadId } from 'node:worker_threads';
import type { World } from '../kernel/index.ts';

/** Who writes a part of a file: the part is nobody else's while they live. */
export interface Owner {
  readonly host: string;
  /** Which start of the machine. */
  readonly boot: string;
  /** Where its process numbers count. */
  readonly namespace: string;
  readonly pid: number;
  readonly thread: number;
  /** Another one for each download. */
  readonly id: string;
}

/** The downloads of this thread that are under way. */
const own = new Set<string>();

/** Begins to own something. Whoever calls this must also {@link leave}. */
export async function enter(id: string, world: World): Promise<Owner> {
  own.add(id);
  const namespace = await readlink('/proc/self/ns/pid').catch(() => '');
  return { host: hostname(), boot: await bootOf(world), namespace, pid: process.pid, thread: threadId, id };
}

/** Ends it. */
export function leave(id: string): void {
  own.delete(id);
}

/** An owner of whom nothing but the time of the last sign is known is gone after that long. Milliseconds. */
export const silenceMs = 60_000;

/** Whether an owner may still be there. When in doubt it is: a part that is left alone costs only bytes. */
export function mayLive(owner: Owner, me: Owner, silentMs: number): boolean {
  if (!sameStart(owner, me) || owner.namespace !== me.namespace) return silentMs < silenceMs;
  if (owner.pid !== me.pid) return isRunning(owner.pid);
  return owner.thread === me.thread ? own.has(owner.id) : true;
}

/** Whether the machine has been running all the time since: what was written is there, synced or not. */
export function sameStart(a: Owner, b: Owner): boolean {
  const isNear = Math.abs(Number(a.boot) - Number(b.boot)) <= 1;
  return a.host === b.host && (a.boot === b.boot || isNear);
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}

async function bootOf(world: World): Promise<string> {
  // Where the system does not name its starts, their minute does.
  const minute = `${Math.round((world.wallNow() / 1000 - uptime()) / 60)}`;
  const start = await readFile('/proc/sys/kernel/random/boot_id', 'utf8').catch(() => minute);
  return start.trim();
}
