// Runs the tests on Node, Bun and Deno.
import './behaviour.mjs';
import { runTests } from './harness.mjs';

// An error is the one end that every runtime turns into an exit code.
if (!(await runTests())) throw new Error('some tests failed');
