import { type RequestListener } from 'node:http';

/** Gives out a file, whole or from a byte on. The first `cuts` answers break off after a megabyte and a half. */
export function giving(content: Buffer, cuts: number): RequestListener {
  let left = cuts;
  return ({ headers }, reply) => {
    const [, from] = /^bytes=(\d+)-/u.exec(headers.range ?? '') ?? [];
    const start = Number(from ?? 0);
    const rest = content.subarray(start);
    reply.setHeader('etag', '"v1"').setHeader('content-length', rest.length);
    if (from !== undefined) reply.setHeader('content-range', `bytes ${start}-${content.length - 1}/${content.length}`);
    reply.writeHead(from === undefined ? 200 : 206);
    if (left-- > 0) reply.write(rest.subarray(0, 1_500_000), () => reply.destroy());
    else reply.end(rest);
  };
}
