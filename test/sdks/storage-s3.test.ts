import { fromFilesSdk } from 'mulligan/storage/files-sdk';
import { expect, test } from 'vitest';
import { describeContract } from './support/storage/contract-tests.ts';
import { startS3 } from './support/storage/s3.ts';

describeContract('S3, as fauxqs does it', startS3);

test('an address that S3 has signed is good for anybody who has it', async () => {
  const server = await startS3();
  try {
    const photos = fromFilesSdk(await server.adapter(server.port));
    await photos.put('a b.jpg', 'a photo');
    const url = new URL(await photos.url('a b.jpg', { expiresIn: '5m' }));
    expect(url.searchParams.get('X-Amz-Expires')).toBe('300');
    expect(url.href).not.toContain('secretAccessKey');
    await expect((await fetch(url)).text()).resolves.toBe('a photo');
  } finally {
    await server.close();
  }
});
