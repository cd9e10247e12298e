import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { BlobServiceClient, StorageSharedKeyCredential } from '@azure/storage-blob';
import { azure } from 'files-sdk/azure';
import type { FilesAdapter } from 'mulligan/storage/files-sdk';
import type { Backend } from './backend.ts';

const container = 'contract';
/** The account that every azurite has. */
export const accountName = 'devstoreaccount1';
export const accountKey = 'Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==';

/** The address of the account on a server at this port. */
export const azureEndpoint = (port: number): string => `http://127.0.0.1:${port}/${accountName}`;
export const azureCredential = (): StorageSharedKeyCredential =>
  new StorageSharedKeyCredential(accountName, accountKey);

/** The adapter of files-sdk for Azure, on a server at this port. */
export async function azureAdapter(port: number): Promise<FilesAdapter> {
  return azure({ container, accountName, accountKey, endpoint: azureEndpoint(port) });
}

/** Starts azurite as a process of its own. */
export async function startAzure(): Promise<Backend> {
  const main = createRequire(import.meta.url).resolve('azurite/dist/src/blob/main.js');
  const options = ['--inMemoryPersistence', '--skipApiVersionCheck', '--disableTelemetry', '--blobPort', '0'];
  const child = spawn(process.execPath, [main, ...options], { stdio: ['ignore', 'pipe', 'inherit'] });
  const port = await portOf(child);
  await new BlobServiceClient(azureEndpoint(port), azureCredential()).createContainer(container);
  return {
    port,
    adapter: azureAdapter,
    isPart: (method, url) => method === 'PUT' && /comp=block(?:&|$)/u.test(url),
    async close() {
      const ended = once(child, 'exit');
      child.kill();
      await ended;
    },
  };
}

/** Reads the port out of the line that says where it listens, and goes on reading: each request writes a line. */
function portOf(child: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    let output = '';
    child.stdout?.on('data', (chunk: Buffer) => {
      output += String(chunk);
      const port = /(?:listening at|listens on) http:\/\/127\.0\.0\.1:(\d+)/u.exec(output)?.[1];
      if (port !== undefined) resolve(Number(port));
    });
    child.once('exit', () => reject(new Error(`azurite ended: ${output}`)));
  });
}
