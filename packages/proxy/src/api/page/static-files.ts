import { readdirSync, readFileSync } from 'node:fs';
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import type { Context, MiddlewareHandler } from 'hono';

const contentTypes: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
};

const notBuilt = 'The dashboard is not built: run `npm run build` in the checkout. The API is described at /docs.\n';

/** Where the built dashboard lies, next to the compiled package. */
export const builtDashboard: URL = new URL('../../dashboard/', import.meta.url);

interface StaticFile {
  readonly body: Uint8Array<ArrayBuffer>;
  /** The same compressed, where that is smaller. */
  readonly gzipped: Uint8Array<ArrayBuffer> | undefined;
  readonly type: string;
  /** Files with a hash in their name never change. */
  readonly isImmutable: boolean;
}

/**
 * Serves the files of a folder. Its names are listed when the first request comes, and nothing else can be asked
 * for: no path of a request ever reaches the file system.
 */
export function staticFiles(folder: URL): MiddlewareHandler {
  let files: ReadonlyMap<string, StaticFile> | undefined;
  return async (c, next) => {
    if (c.req.method !== 'GET' && c.req.method !== 'HEAD') return next();
    if (files === undefined || files.size === 0) files = readFolder(folder);
    const file = files.get(c.req.path === '/' ? '/index.html' : c.req.path);
    if (file !== undefined) return serve(c, file);
    return c.req.path === '/' ? c.text(notBuilt, 503) : next();
  };
}

function readFolder(folder: URL): ReadonlyMap<string, StaticFile> {
  const files = new Map<string, StaticFile>();
  for (const path of pathsIn(folder)) {
    const type = contentTypes[extname(path)];
    if (type === undefined) continue;
    const body = new Uint8Array(readFileSync(new URL(path, folder)));
    files.set(`/${path}`, { body, gzipped: compress(body), type, isImmutable: path.startsWith('assets/') });
  }
  return files;
}

function compress(body: Uint8Array): Uint8Array<ArrayBuffer> | undefined {
  const gzipped = new Uint8Array(gzipSync(body, { level: 9 }));
  return gzipped.length < body.length ? gzipped : undefined;
}

function pathsIn(folder: URL): string[] {
  try {
    const paths = readdirSync(fileURLToPath(folder), { recursive: true, encoding: 'utf8' });
    return paths.map((path) => path.replaceAll('\\', '/'));
  } catch {
    return [];
  }
}

function serve(c: Context, { body, gzipped, type, isImmutable }: StaticFile): Response {
  c.header('Content-Type', type);
  c.header('Cache-Control', isImmutable ? 'public, max-age=31536000, immutable' : 'no-cache');
  c.header('Vary', 'Accept-Encoding');
  if (gzipped === undefined || !acceptsGzip(c.req.header('accept-encoding') ?? '')) return c.body(body);
  c.header('Content-Encoding', 'gzip');
  return c.body(gzipped);
}

/** Whether a client takes gzip: it names it, and not with a weight of nothing. */
function acceptsGzip(accepted: string): boolean {
  return /(?:^|,)\s*gzip\s*(?:$|,|;(?!\s*q=0(?:\.0*)?\s*(?:$|,)))/iu.test(accepted);
}
