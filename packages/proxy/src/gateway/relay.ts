import type { Socket } from 'node:net';
import { pipePooled } from '../dial/index.ts';

/**
 * Carries bytes both ways until both sides have ended. Each side may end on its own (half-close); an error on one
 * side, or `idleMs` without a byte, ends both.
 */
export function relay(client: Socket, upstream: Socket, idleMs: number): Promise<void> {
  return new Promise((resolve) => {
    let open = 2;
    const onClosed = (): void => {
      if (--open === 0) resolve();
    };
    // Reading and writing both count as activity, so that one side's timer is enough.
    client.setTimeout(idleMs, () => client.destroy());
    pump(client, upstream, onClosed);
    pump(upstream, client, onClosed);
  });
}

function pump(from: Socket, to: Socket, onClosed: () => void): void {
  const close = (): void => {
    // Cut off in the middle: the other side must not take that for an orderly end.
    if (!from.readableEnded || !from.writableFinished) to.destroy();
    onClosed();
  };
  if (from.destroyed) {
    close();
    return;
  }
  from.once('close', close);
  if (from.readableEnded) {
    to.end();
    return;
  }
  from.once('end', () => to.end());
  if (pipePooled(from, to)) return;
  from.on('data', (chunk: Buffer) => {
    if (!to.write(chunk)) from.pause();
  });
  to.on('drain', () => from.resume());
}
