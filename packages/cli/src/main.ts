#!/usr/bin/env node
import { runProgram } from './program.ts';

process.exitCode = await runProgram(process.argv.slice(2));
// Whatever is still open, such as a connection that was kept alive, does not hold the process; what was printed does.
process.stdout.write('', () => process.exit());
