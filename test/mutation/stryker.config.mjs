// npm run mutation: changes the pure files in every way that a slip could, and counts which changes no test notices.

/** Decisions, formulas and state machines: no clock, no chance and no I/O of their own. */
const pure = [
  'kernel/{category,category-table,check,duration,hint,keyed,matcher,chain,pipeline}.ts',
  'retry/{advice,backoff,decide,jitter,ledger,plan}.ts',
  'retry/budget/{concurrency,quota,ratio,throttle}.ts',
  'breaker/{charge,machine,open-for,plan,rules,window,window-plan}.ts',
  'hedge/{allowance,delay,quantile}.ts',
  'limit/{bulkhead/room,rate/pace}.ts',
];

export default {
  testRunner: 'vitest',
  vitest: { configFile: 'test/mutation/vitest.config.ts' },
  mutate: pure.map((path) => `packages/mulligan/src/${path}`),
  ignorePatterns: ['apps', 'bench', 'coverage', 'docs', 'examples', 'packages/cli', 'packages/proxy', '**/dist'],
  // Nothing is compiled, and there is no file of that name: TypeScript 7 lacks what would rewrite the real one.
  tsconfigFile: 'none',
  // Sentences and names are read by people: a test that repeats them word by word proves nothing.
  mutator: { excludedMutations: ['StringLiteral'] },
  ignoreStatic: true,
  reporters: ['clear-text', 'progress', 'html', 'json'],
  clearTextReporter: { reportTests: false, allowColor: false },
  htmlReporter: { fileName: 'coverage/mutation/index.html' },
  jsonReporter: { fileName: 'coverage/mutation/mutation.json' },
  thresholds: { high: 95, low: 90, break: 90 },
  tempDirName: '.stryker-tmp',
  concurrency: 2,
  allowConsoleColors: false,
};
