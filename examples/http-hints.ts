// Servers that say when to come back: they are believed, up to a limit, and all calls to them wait.
import { ledgerOf } from 'mulligan';
// #region hints
import { createFetch, readHint } from 'mulligan/http';
// #endregion
import { virtualWorld } from 'mulligan/testing';

const world = virtualWorld();
const startMs = world.now();
const busy = { 'retry-after': '30' };
let requests = 0;
const limited = async (): Promise<Response> =>
  ++requests === 1 ? new Response('slow down', { status: 429, headers: busy }) : new Response('fine');
const days = async (): Promise<Response> =>
  new Response('come back in March', { status: 503, headers: { 'retry-after': '864000' } });

// #region hints
const fetch = createFetch({
  maxHintWait: '2m', // the longest wait that a server may ask for
  ifHintTooLong: 'fail', // or 'clamp', or 'ignore'
  hintJitter: 0.1, // up to a tenth longer, so that not all return at once; never earlier
  fetch: limited,
  world,
});
// #endregion

const answers = await world.run(Promise.all([fetch('https://api.example.com/a'), fetch('https://api.example.com/b')]));
console.log(`${answers.map(({ status }) => status).join(' and ')}, ${requests} requests`);
console.log(`not before 30 s: ${world.now() - startMs >= 30_000}, not after 33 s: ${world.now() - startMs <= 33_000}`);

const patient = createFetch({ fetch: days, world });
const response = await world.run(patient('https://api.example.com/'));
console.log(`${response.status} after 1 request: ${ledgerOf(response)?.reason}`);

// #region read
const hint = readHint(response.headers, response.status, Date.now());
console.log(`${hint?.source}: ${(hint?.waitMs ?? 0) / 86_400_000} days`);
// #endregion
