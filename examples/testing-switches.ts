// Seed 5, §7: tests without retries, and tests with retries that do not wait.
// #region switches
import { setActive, setTesting } from 'mulligan';
// #endregion
import { isActive, isTesting, retry } from 'mulligan';
import { script } from 'mulligan/testing';

const attemptsOf = async (attempts: number): Promise<number> => {
  const alwaysFails = script([new Error('down')]);
  await retry({ on: Error, attempts })(alwaysFails)().catch(() => {});
  return alwaysFails.calls;
};

// #region switches
// No retries at all, until what is returned is called.
const reactivate = setActive(false);
console.log(`switched off: ${await attemptsOf(10)} attempt`);
reactivate();

// Retries without waits: exactly two attempts, whatever the code asks for.
const endTesting = setTesting(true, { attempts: 2 });
console.log(`testing: ${await attemptsOf(10)} attempts`);

// At most three, nested; `using` ends it with the block.
{
  using _capped = setTesting(true, { attempts: 3, cap: true });
  console.log(`capped: ${await attemptsOf(10)} of 10, ${await attemptsOf(1)} of 1`);
}
console.log(`testing again: ${await attemptsOf(10)} attempts`);
endTesting();
// #endregion

console.log(`active: ${isActive()}, testing: ${isTesting()}`);
