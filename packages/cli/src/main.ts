#!/usr/bin/env node
import { runProgram } from './program.ts';

// Whatever is left open, such as a connection that is kept alive, does not hold the process.
process.exit(await runProgram(process.argv.slice(2)));
