// What the library does for everybody, through its public entries alone: the same on every runtime.
import {
  categorize,
  circuitBreaker,
  constant,
  exponential,
  InvalidOptionError,
  isActive,
  isMulliganError,
  isTesting,
  isTransient,
  ledgerOf,
  MulliganError,
  onEvent,
  pipeline,
  retry,
  retryBudget,
  setActive,
  setOnRetryHooks,
  setTesting,
  TimeoutError,
  toMs,
} from 'mulligan';
import { chaos, failure, recorder, script, value, virtualWorld } from 'mulligan/testing';
import { equal, rejection, test, thrown } from './harness.mjs';

const reset = () => Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' });

test('a call that fails twice succeeds at the third attempt', async () => {
  const world = virtualWorld();
  const operation = script([reset(), reset(), 'ok']);
  equal(await world.run(retry(operation, { world })), 'ok');
  equal(operation.calls, 3);
});

test('the last error is thrown as it is, with its ledger', async () => {
  const world = virtualWorld();
  const error = reset();
  const caught = await rejection(world.run(retry(script([error]), { world, backoff: constant(1000) })));
  equal(caught, error);
  equal(ledgerOf(error)?.attempts, 3);
  equal(ledgerOf(error)?.reason, 'attempts');
  equal(ledgerOf(error)?.waitedMs, 2000);
});

test('what another attempt cannot better is not tried again', async () => {
  const operation = script([new TypeError('a mistake')]);
  equal((await rejection(retry(operation))).message, 'a mistake');
  equal(operation.calls, 1);
});

test('throwing undefined is an error, too', async () => {
  const world = virtualWorld();
  const operation = script([failure(undefined), 'ok']);
  equal(await world.run(retry(operation, { world, on: () => true })), 'ok');
});

test('a wrapped function keeps its name, length, this and arguments', async () => {
  const world = virtualWorld();
  const account = {
    balance: 7,
    /** @param {number} amount */
    add: retry({ world })(async function add(amount, _reason) {
      return this.balance + amount;
    }),
  };
  equal(await world.run(account.add(35, 'a gift')), 42);
  equal([account.add.name, account.add.length], ['add', 2]);
});

test('a wait on the platform’s own clock ends', async () => {
  equal(await retry(script([reset(), 'ok']), { backoff: constant(3) }), 'ok');
});

test('an abort ends a wait at once, and no attempt follows', async () => {
  const world = virtualWorld();
  const controller = new AbortController();
  const operation = script([reset()]);
  const caught = rejection(retry(operation, { world, backoff: constant('1h'), signal: controller.signal }));
  await world.advance('10m');
  const reason = new Error('the caller left');
  controller.abort(reason);
  equal(await caught, reason);
  equal([operation.calls, world.now(), world.pendingTimers], [1, 600_000, 0]);
});

test('an abort on the platform’s own clock ends a wait, too', async () => {
  const controller = new AbortController();
  const caught = rejection(retry(script([reset()]), { backoff: constant('1h'), signal: controller.signal }));
  setTimeout(() => controller.abort(), 5);
  equal((await caught).name, 'AbortError');
});

test('a call that is over its time ends on time, with the signal of its attempt aborted', async () => {
  const world = virtualWorld();
  /** @type {AbortSignal | undefined} */
  let signal;
  const call = retry(
    (attempt) => {
      signal = attempt.signal;
      return new Promise((resolve) => void world.setTimer(() => resolve('late'), 900));
    },
    { world, timeout: 100 },
  );
  const error = await world.run(rejection(call));
  equal([error instanceof TimeoutError, error.scope, world.now()], [true, 'call', 100]);
  equal(signal?.aborted, true);
});

test('an attempt that is over its time is tried again', async () => {
  const world = virtualWorld();
  const operation = script([value('late', '1m'), 'ok'], { world });
  const call = retry(operation, { world, attemptTimeout: '2s', backoff: constant(500) });
  equal([await world.run(call), world.now()], ['ok', 2500]);
});

test('a time limit on the platform’s own clock ends an attempt', async () => {
  const error = await rejection(retry(() => new Promise(() => {}), { timeout: 5 }));
  equal([error.code, error.name], ['MULLIGAN_TIMEOUT', 'TimeoutError']);
});

test('backoff grows, and never beyond its cap', () => {
  const backoff = exponential({ initial: 100, max: '1s', jitter: 'none' });
  equal(
    [1, 2, 3, 4, 5, 2000].map((count) => backoff(count, undefined, () => 0)),
    [100, 200, 400, 800, 1000, 1000],
  );
});

test('a budget that is spent ends the retries of all who share it', async () => {
  const world = virtualWorld();
  const budget = retryBudget.quota({ capacity: 28, cost: 14 });
  const error = reset();
  const operation = script([error]);
  await rejection(world.run(retry(operation, { world, budget, attempts: 10 })));
  equal([operation.calls, ledgerOf(error)?.reason, budget.balance], [3, 'budget', 0]);
});

test('a breaker opens, refuses, tests and closes', async () => {
  const world = virtualWorld();
  const breaker = circuitBreaker({ world, failures: 2, window: '60s', openFor: '30s' });
  const operation = script([reset(), reset(), 'ok']);
  const call = breaker(operation);
  await rejection(call());
  await rejection(call());
  equal(breaker.state, 'open');
  const refusal = await rejection(call());
  equal([refusal.code, refusal.retryAfterMs, operation.calls], ['MULLIGAN_CIRCUIT_OPEN', 30_000, 2]);
  await world.advance('30s');
  equal([await call(), breaker.state], ['ok', 'closed']);
});

test('a pipeline runs from the outside in, and retry waits for the breaker', async () => {
  const world = virtualWorld();
  const breaker = circuitBreaker({ world, failures: 1, window: '60s', openFor: '10s' });
  const policy = pipeline(retry({ world, backoff: constant(10), attempts: 3 }), breaker);
  const operation = script([reset(), 'ok']);
  equal(await world.run(policy.execute(operation)), 'ok');
  equal([operation.calls, world.now()], [2, 10_000]);
});

test('an order that cannot work is answered in a sentence', () => {
  const error = thrown(() => retry({ timeout: '1s', attemptTimeout: '2s' }));
  equal(error instanceof InvalidOptionError, true);
  equal(error.message.startsWith('attemptTimeout (2 s) must be shorter than timeout (1 s)'), true);
});

test('every option is checked, and misspelt ones are named', () => {
  equal(thrown(() => retry({ attempts: 2.5 })).message, 'attempts must be a whole number of at least 1, got 2.5');
  equal(thrown(() => Reflect.apply(retry, undefined, [{ atempts: 3 }])).message.includes("'attempts'"), true);
  equal([toMs('1.5s'), toMs({ minutes: 2 })], [1500, 120_000]);
});

test('errors are known by their brand and their code', async () => {
  const error = thrown(() => toMs(-1));
  equal([isMulliganError(error), isMulliganError(error, 'MULLIGAN_INVALID_OPTION')], [true, true]);
  // As an error of a second copy of the library would look.
  const foreign = Object.defineProperty(new Error('foreign'), Symbol.for('mulligan.error'), { value: true });
  equal([foreign instanceof MulliganError, new Error('plain') instanceof MulliganError], [true, false]);
});

test('failures are told apart by what they are, not by their class', () => {
  const failed = Object.assign(new TypeError('fetch failed'), { cause: reset() });
  equal([categorize(failed), isTransient(failed)], ['reset', true]);
  equal([categorize(new TypeError('x is not a function')), isTransient(new TypeError('no'))], ['unknown', false]);
});

test('switched off, a call has one attempt', async () => {
  const restore = setActive(false);
  const operation = script([reset()]);
  await rejection(retry(operation));
  restore();
  equal([operation.calls, isActive()], [1, true]);
});

test('the testing mode takes waits away and decides the attempts', async () => {
  const restore = setTesting(true, { attempts: 2 });
  const operation = script([reset()]);
  await rejection(retry(operation, { backoff: constant('1h'), attempts: 5 }));
  restore();
  equal([operation.calls, isTesting()], [2, false]);
});

test('hooks and listeners hear of a retry before its wait', async () => {
  const world = virtualWorld();
  const heard = recorder();
  const subscription = onEvent(heard);
  /** @type {number[]} */
  const waits = [];
  setOnRetryHooks([({ waitFor }) => void waits.push(waitFor)]);
  await world.run(retry(script([reset(), 'ok']), { world, backoff: constant(250), name: 'fetchUser' }));
  setOnRetryHooks(null);
  subscription();
  equal([waits, heard.types], [[250], ['retry.scheduled', 'call.succeeded']]);
  equal(heard.events[0]?.name, 'fetchUser');
});

test('a day passes in a moment, and chance repeats', async () => {
  const run = async () => {
    const world = virtualWorld({ seed: 42 });
    const faulty = chaos({ rate: 0.5, fault: reset, world });
    const policy = pipeline(
      retry({ world, attempts: 100, backoff: exponential({ initial: '1h', max: '1h' }) }),
      faulty,
    );
    for (let call = 0; call < 10; call++) await world.run(policy.execute(async () => 'ok'));
    return world.now();
  };
  const [first, second] = [await run(), await run()];
  equal([first === second, first > 3_600_000], [true, true]);
});

test('ten thousand calls leave nothing behind', async () => {
  const world = virtualWorld();
  const { signal } = new AbortController();
  const policy = retry({ world, backoff: constant(10), timeout: '60s', attemptTimeout: '30s', signal });
  let runs = 0;
  const call = policy(async () => {
    if (++runs <= 10_000) throw reset();
    return 1;
  });
  const values = await world.run(Promise.all(Array.from({ length: 10_000 }, () => call())));
  await world.advance('2m');
  equal([values.length, runs, world.pendingTimers], [10_000, 20_000, 0]);
});
