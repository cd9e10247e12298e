// proxy-chain, as its documentation says. `node proxy-chain.mjs [upstream's port]`.
import { Server } from 'proxy-chain';

const upstream = Number(process.argv[2] ?? 0);
const upstreamProxyUrl = upstream > 0 ? `http://127.0.0.1:${upstream}` : null;
const server = new Server({
  port: 0,
  host: '127.0.0.1',
  prepareRequestFunction: () => ({ requestAuthentication: false, upstreamProxyUrl }),
});
await server.listen();
process.send?.({ port: server.port });
