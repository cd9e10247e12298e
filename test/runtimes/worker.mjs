// Runs the tests in workerd, without its compatibility with Node: `workerd test` calls this.
import './behaviour.mjs';
import { runTests, test } from './harness.mjs';

test('the library needs nothing of Node', () => {
  const found = ['process', 'Buffer', 'require', 'global', 'setImmediate'].filter((name) => name in globalThis);
  if (found.length > 0) throw new Error(`this worker has ${found.join(', ')}`);
});

export default {
  async test() {
    if (!(await runTests())) throw new Error('some tests failed');
  },
};
