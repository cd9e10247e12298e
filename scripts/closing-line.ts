import type { Reporter, TestModule } from 'vitest/node';

interface Count {
  passed: number;
  failed: number;
  skipped: number;
}

function countModule(module: TestModule): Count {
  const count: Count = { passed: 0, failed: 0, skipped: 0 };
  for (const test of module.children.allTests()) {
    const { state } = test.result();
    count[state === 'pending' ? 'skipped' : state] += 1;
  }
  // A file or a hook that broke before its tests could run must not look like success.
  if (module.state() === 'failed' && count.failed === 0) count.failed = 1;
  return count;
}

function reasonsForSkips(module: TestModule): string[] {
  return [...module.children.allTests('skipped')].flatMap((test) => {
    const result = test.result();
    return result.state === 'skipped' && result.note !== undefined
      ? `skipped: ${test.fullName} (${result.note})\n`
      : [];
  });
}

/** A reporter that ends every run with the reasons for skips and one plain line, whatever is printed before. */
export default class ClosingLine implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandledErrors: readonly unknown[]): void {
    const counts = modules.map(countModule);
    const sum = (key: keyof Count) => counts.reduce((total, count) => total + count[key], 0);
    const failed = sum('failed') + unhandledErrors.length;
    const line = `Tests: ${sum('passed')} passed, ${failed} failed, ${sum('skipped')} skipped\n`;
    // Coverage and summaries are printed after this hook; only the exit of the process is last.
    process.once('exit', () => process.stdout.write([...modules.flatMap(reasonsForSkips), line].join('')));
  }
}
