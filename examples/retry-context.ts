// Seed 5, §4: only a block of a function is retried. Once for what is awaited, once for what blocks.
// #region block
import { raiseForStatus } from 'mulligan/http';
import { stamina } from 'mulligan/presets';
// #endregion
import { answering, serve } from './support/serve.ts';

const server = await serve(answering(500, 500, 200));
const url = server.url;

// #region block
let text = '';
for await (const attempt of stamina.retryContext({ on: Error, attempts: 3, waitJitter: 0 })) {
  await attempt.run(async ({ signal }) => {
    if (attempt.number > 1) console.log(`attempt ${attempt.number}, next wait at least ${attempt.nextWaitMs} ms`);
    text = await raiseForStatus(await fetch(url, { signal })).text();
  });
}
// #endregion

console.log(text);
await server.close();

let reads = 0;
const readSensor = (): number => {
  if (++reads < 2) throw new Error('the sensor is busy');
  return 21.5;
};

// #region blocking
for (const attempt of stamina.retryContext({ on: Error, attempts: 3, waitJitter: 0 })) {
  const result = attempt.runSync(readSensor);
  if (result.ok) console.log(`${result.value} °C at attempt ${attempt.number}`);
}
// #endregion
