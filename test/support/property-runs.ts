// How often each property of the library is tried; the environment variable asks for more, as for a night's run.
import { configureGlobal } from 'fast-check';

configureGlobal({ numRuns: Number(process.env['MULLIGAN_PROPERTY_RUNS'] ?? 1000) });
