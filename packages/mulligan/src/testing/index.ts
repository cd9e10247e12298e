/** For tests of resilient code: time that jumps, chance that repeats, operations that fail as told. */
export { chaos, type ChaosOptions } from './chaos.ts';
export { seededRandom } from './random.ts';
export { type Recorder, recorder } from './recorder.ts';
export { failure, script, type Scripted, type ScriptedOperation, type ScriptOptions, Step, value } from './script.ts';
export { type VirtualWorld, virtualWorld, type VirtualWorldOptions } from './virtual-world.ts';
