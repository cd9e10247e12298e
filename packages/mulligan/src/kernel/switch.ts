import { checkNumber } from './check.ts';

/** How retries behave while testing: no waits, and a fixed number of attempts. */
export interface TestingMode {
  /** How many attempts every retry makes. Default 1. */
  readonly attempts: number;
  /** Keep a smaller number of attempts where the call has one. Default false. */
  readonly cap: boolean;
}

/** Puts a switch back to what it was: call it, or let `using` do so. */
export interface Restore {
  (): void;
  [Symbol.dispose](): void;
}

/** Both switches at one moment. */
export interface Switches {
  readonly isActive: boolean;
  readonly testing: TestingMode | undefined;
}

let switches: Switches = { isActive: true, testing: undefined };

function restorer(restore: () => void): Restore {
  return Object.assign(() => restore(), { [Symbol.dispose]: restore });
}

/**
 * Switches all retries on or off, for the whole process. Off: one attempt, no hooks, everything propagates.
 * Wins over {@link setTesting}. Source: stamina.
 */
export function setActive(active: boolean): Restore {
  const before = switches.isActive;
  switches = { ...switches, isActive: active };
  return restorer(() => {
    switches = { ...switches, isActive: before };
  });
}

/** Whether retries are switched on. */
export function isActive(): boolean {
  return switches.isActive;
}

/**
 * Switches the testing mode: no waits, no time limit on the whole call, and `attempts` attempts.
 * Nests: what it returns restores the mode before. Source: stamina.
 */
export function setTesting(on: boolean, options: Partial<TestingMode> = {}): Restore {
  const before = switches.testing;
  const { attempts = 1, cap = false } = options;
  const testing = on ? { attempts: checkNumber('attempts', attempts, { min: 1, whole: true }), cap } : undefined;
  switches = { ...switches, testing };
  return restorer(() => {
    switches = { ...switches, testing: before };
  });
}

/** Whether the testing mode is on. */
export function isTesting(): boolean {
  return switches.testing !== undefined;
}

/** The testing mode, for the policies that obey it. */
export function testingMode(): TestingMode | undefined {
  return switches.testing;
}

/** Both switches as they stand, for the policies that obey them. */
export function currentSwitches(): Switches {
  return switches;
}
