// The gateway with all that it has by default. `node mulligan.mjs [upstream's port]`.
import { Gateway, ProxyRotator } from '@mulligan/proxy';

const upstream = Number(process.argv[2] ?? 0);
const rotator = new ProxyRotator(upstream > 0 ? { proxies: [`http://127.0.0.1:${upstream}`] } : { direct: true });
const gateway = new Gateway({ rotator, port: 0 });
const { port } = await gateway.listen();
process.send?.({ port });
