import { startFauxqs } from 'fauxqs';
import { s3 } from 'files-sdk/s3';
import type { FilesAdapter } from 'mulligan/storage/files-sdk';
import type { Backend } from './backend.ts';

const bucket = 'contract';
const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };

/** What a client of the AWS SDK needs to talk to a server on this port. */
export const s3Options = (port: number) => ({
  region: 'us-east-1',
  endpoint: `http://127.0.0.1:${port}`,
  forcePathStyle: true,
  credentials,
});

/** The adapter of files-sdk for S3, on a server at this port. */
export async function s3Adapter(port: number): Promise<FilesAdapter> {
  return s3({ bucket, ...s3Options(port) });
}

/** Starts S3 in this process. */
export async function startS3(): Promise<Backend> {
  const server = await startFauxqs({ port: 0, logger: false, host: '127.0.0.1' });
  server.createBucket(bucket);
  return {
    port: server.port,
    adapter: s3Adapter,
    isPart: (method, url) => method === 'PUT' && url.includes('partNumber='),
    close: () => server.stop(),
  };
}
