// Seed 4, next steps: large uploads in parts, with progress, of which only what failed is sent again.
import { memoryStorage, StorageConnectionError } from 'mulligan/storage';

const bucket = memoryStorage();
const sent: number[] = [];
const start = bucket.startUpload?.bind(bucket);
if (start === undefined) throw new Error('a storage in memory takes parts');
bucket.startUpload = async (...args) => {
  const upload = await start(...args);
  return {
    ...upload,
    async send(part) {
      sent.push(part.number);
      if (sent.join() === '1,2') throw new StorageConnectionError('the connection is gone');
      await upload.send(part);
    },
  };
};

const video = new Uint8Array(10 * 1024 * 1024);

// #region multipart
import { retryableStorage } from 'mulligan/storage';

const storage = retryableStorage(bucket, { maxRetries: 3, baseDelay: '10ms' });

await storage.put('videos/talk.mp4', video, {
  contentType: 'video/mp4',
  multipart: { partSizeBytes: 4 * 1024 * 1024, concurrency: 1 },
  onProgress: ({ key, loadedBytes, totalBytes = loadedBytes }) => {
    console.log(`${key}: ${Math.round((100 * loadedBytes) / totalBytes)} %`);
  },
});
// #endregion

console.log('parts sent:', sent.join(' '));

// #region streams
async function* lines(): AsyncGenerator<string> {
  yield 'a stream has no length, ';
  yield 'and is read once';
}

// Cut into parts, each of which can be sent again; what fits into one part is sent whole.
await storage.put('log.txt', lines());

// Without parts: a function makes the stream anew for each attempt.
await storage.put('log.txt', () => lines(), { multipart: false });
// #endregion

console.log(new TextDecoder().decode(await storage.getBytes('log.txt')));
