// The least that tests need, so that one file runs on every runtime.

/** @type {{ name: string, body: () => unknown }[]} */
const tests = [];

/** @param {string} name @param {() => unknown} body */
export function test(name, body) {
  tests.push({ name, body });
}

/** Fails unless both are the same, or the same as JSON. @param {unknown} actual @param {unknown} expected */
export function equal(actual, expected) {
  if (Object.is(actual, expected)) return;
  const [found, wanted] = [actual, expected].map((value) => JSON.stringify(value) ?? String(value));
  const isPlain = typeof actual === 'object' && typeof expected === 'object' && !(actual instanceof Error);
  if (!isPlain || found !== wanted) throw new Error(`expected ${wanted}, got ${found}`);
}

/** What a promise is rejected with. @param {PromiseLike<unknown>} promise @returns {Promise<any>} */
export async function rejection(promise) {
  let value;
  try {
    value = await promise;
  } catch (error) {
    return error;
  }
  throw new Error(`expected a rejection, got ${JSON.stringify(value)}`);
}

/** What a function throws. @param {() => unknown} run @returns {any} */
export function thrown(run) {
  try {
    run();
  } catch (error) {
    return error;
  }
  throw new Error('expected an error');
}

/** Runs all tests, prints those that fail and the closing line. @returns {Promise<boolean>} whether all passed */
export async function runTests() {
  let failed = 0;
  for (const { name, body } of tests) {
    try {
      await body();
    } catch (error) {
      failed++;
      console.error(`✗ ${name}\n${error instanceof Error ? error.stack : String(error)}`);
    }
  }
  console.log(`${tests.length - failed} passed, ${failed} failed`);
  return failed === 0;
}
