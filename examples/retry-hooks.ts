// Seed 5, §8: hooks that every retry of the process calls.
// #region hooks
import { type RetryHookFactory, setOnRetryHooks } from 'mulligan';
// #endregion
import { exponential, retry } from 'mulligan';
import { logEvents } from 'mulligan/telemetry/log';
import { script } from 'mulligan/testing';

const backoff = exponential({ initial: '10ms', jitter: 'none' });
const fetchUser = (): Promise<string> =>
  retry(script<string>([new Error('503'), new Error('502'), 'Ada']), { on: Error, backoff, name: 'fetchUser' });

// #region hooks
// A factory is asked for its hook when the first retry is scheduled: heavy imports cost nothing before.
const lazy: RetryHookFactory = {
  createHook: () => {
    console.log('made the hook');
    return ({ name, retryNum, causedBy }) => {
      console.log(`retry ${retryNum} of ${name}, caused by ${String(causedBy)}`);
      // What a hook returns is disposed once, right before the next attempt.
      return { [Symbol.dispose]: () => console.log('the wait is over') };
    };
  },
};
setOnRetryHooks([lazy]);
// #endregion

console.log(await fetchUser());

// #region none
setOnRetryHooks(null);
// #endregion

const subscription = logEvents({ warn: (message: string) => console.log(`log: ${message}`) });
console.log(await fetchUser());
subscription();
