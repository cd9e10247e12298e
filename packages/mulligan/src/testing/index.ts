/** For tests of resilient code: time that jumps and chance that repeats. */
export { seededRandom } from './random.ts';
export { type VirtualWorld, virtualWorld, type VirtualWorldOptions } from './virtual-world.ts';
