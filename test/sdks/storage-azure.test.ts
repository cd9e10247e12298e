import { BlobServiceClient } from '@azure/storage-blob';
import { expect, test, vi } from 'vitest';
import { accountKey, accountName, azureCredential, azureEndpoint, startAzure } from './support/storage/azure.ts';
import { describeContract } from './support/storage/contract-tests.ts';
import { photoStorage } from './support/storage/photos.ts';

const server = startAzure();

test('addresses are signed, and say for how long', async () => {
  const { port } = await server;
  vi.stubEnv('AZURE_STORAGE_ACCOUNT_NAME', accountName);
  vi.stubEnv('AZURE_STORAGE_ACCOUNT_KEY', accountKey);
  try {
    const endpoint = azureEndpoint(port);
    await new BlobServiceClient(endpoint, azureCredential()).createContainer('photos');
    const photos = photoStorage(endpoint);
    await photos.put('a b.jpg', 'a photo', { contentType: 'image/jpeg' });
    const url = new URL(await photos.url('a b.jpg', { expiresIn: '5m' }));
    expect(url.pathname).toBe(`/${accountName}/photos/a%20b.jpg`);
    const lasts = Date.parse(url.searchParams.get('se') ?? '') - Date.parse(url.searchParams.get('st') ?? '');
    // The adapter lets it begin a minute earlier, for clocks that differ.
    expect(lasts).toBe(6 * 60_000);
  } finally {
    vi.unstubAllEnvs();
  }
});

// Ends the server.
describeContract('Azure, as azurite does it', () => server);
