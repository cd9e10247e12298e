// A fetch that survives bad networks and busy servers, and what it does with bodies and with POST.
// #region fetch
import { createFetch } from 'mulligan/http';
// #endregion
// #region told
import { ledgerOf } from 'mulligan';
// #endregion
import { serve } from './support/serve.ts';

const bodies: string[] = [];
const keys: unknown[] = [];
let requests = 0;
const server = await serve((request, reply) => {
  let body = '';
  request.on('data', (chunk) => (body += String(chunk)));
  request.on('end', () => {
    requests++;
    bodies.push(body);
    keys.push(request.headers['idempotency-key']);
    if (request.url === '/down') reply.writeHead(503).end('down');
    else if (requests % 2 === 1) reply.socket?.destroy();
    else reply.end(`request ${requests}`);
  });
});
const { url } = server;

// #region fetch
const fetch = createFetch({
  retry: { attempts: 3 },
  timeout: '30s', // until the headers of the answer, waits included
  attemptTimeout: '10s',
});

const response = await fetch(`${url}/users`);
// #endregion
console.log(`${response.status} ${await response.text()}`);

// #region bodies
// Text, bytes, blobs, forms and parameters are sent again as they are.
await fetch(`${url}/users/1`, { method: 'PUT', body: JSON.stringify({ name: 'Ada' }) });

// A function is asked for a new body each time: for streams that can be opened again.
await fetch(`${url}/users/1`, { method: 'PUT', body: () => new Blob(['a large file']).stream() });

// A stream can be read once. What has been sent of it is kept up to this many bytes, to be sent again.
const spooling = createFetch({ spool: 1_000_000 });
await spooling(`${url}/users/1`, { method: 'PUT', body: new Blob(['a stream']).stream(), duplex: 'half' });
// #endregion
console.log(bodies.splice(0).slice(2).join(', '));

// #region post
// A POST may have been processed when its answer is lost: it is sent once, unless the server knows an Idempotency-Key.
const paying = createFetch({ idempotencyKey: true });
await paying(`${url}/payments`, { method: 'POST', body: '5 euros' });
// #endregion
const sent = keys.slice(-2);
console.log(`${bodies.length} payments, ${new Set(sent).size} key`);

// #region told
const down = await fetch(`${url}/down`);
const ledger = ledgerOf(down);
console.log(`${down.status} after ${ledger?.attempts} attempts: ${ledger?.reason}`);
for (const { number, verdict, waitSource } of ledger?.entries ?? []) {
  console.log(`attempt ${number}: ${verdict} ${waitSource ?? ''}`.trimEnd());
}
// #endregion
await server.close();
