import type { ChildReport } from './child.ts';

/**
 * The child's side of `startChild`: starts what the settings ask for, and reports. The process ends with its parent,
 * however that ends. Signals that reach the whole group, as a Ctrl-C does, are left to the parent, which drains first.
 */
export function answerParent(start: (settings: never) => Promise<unknown>): void {
  const exit = (): void => process.exit();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => {});
  process.on('disconnect', exit);
  if (!process.connected) exit();
  process.once('message', (settings) => {
    start(settings as never).then(
      (ready) => report({ ready }),
      (error: unknown) => report({ error: error instanceof Error ? error.message : String(error) }, exit),
    );
  });
}

function report(message: ChildReport<unknown>, then = (): void => {}): void {
  process.send?.(message, then);
}
