import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { type CreateResumableUploadOptions, File } from '@google-cloud/storage';
import { gcs } from 'files-sdk/gcs';
import type { FilesAdapter } from 'mulligan/storage/files-sdk';
import { listening } from '../../../support/listening.ts';
import type { Backend } from './backend.ts';
import { GoogleObjects } from './google-objects.ts';

const bucket = 'contract';

/** Sessions of uploads are taken from Google's own host alone: this is how ours looks from outside. */
const googleHost = 'https://storage.googleapis.com/test-server/';
const googleFetch = globalThis.fetch;
type Begin = (this: File, options: CreateResumableUploadOptions) => Promise<[string]>;
const begin = Object.getOwnPropertyDescriptor(File.prototype, 'createResumableUpload')?.value as Begin;

/** The adapter of files-sdk for Google, on a server at this port. */
export async function googleAdapter(port: number): Promise<FilesAdapter> {
  process.env['STORAGE_EMULATOR_HOST'] = `http://127.0.0.1:${port}`;
  Object.assign(File.prototype, {
    async createResumableUpload(this: File, options: CreateResumableUploadOptions) {
      const [address] = await begin.call(this, options);
      return [address.replace('http://', googleHost)];
    },
  });
  globalThis.fetch = (address, init) =>
    googleFetch(typeof address === 'string' ? address.replace(googleHost, 'http://') : address, init);
  return gcs({ bucket, projectId: 'test' });
}

/**
 * Starts a small server of ours that answers as the JSON API of Google Cloud Storage does, as far as its client asks:
 * there is none on npm.
 */
export async function startGoogle(): Promise<Backend> {
  const objects = new GoogleObjects();
  const server = createServer((request, response) => {
    answer(objects, request, response).catch(() => response.destroy());
  });
  const listener = await listening(server);
  return {
    port: listener.port,
    adapter: googleAdapter,
    isPart: (method, url) => method === 'PUT' && url.includes('upload_id='),
    close: () => listener.close(),
  };
}

async function answer(objects: GoogleObjects, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://google.test');
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const asked = { method: request.method ?? 'GET', url, headers: request.headers, body: Buffer.concat(chunks) };
  const { status, headers = {}, body = '' } = objects.answer(asked);
  response.writeHead(status, { 'Content-Length': Buffer.byteLength(body), ...headers });
  response.end(request.method === 'HEAD' ? undefined : body);
}
