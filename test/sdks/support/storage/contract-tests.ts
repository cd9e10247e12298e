import { retryableStorage, type Storage } from 'mulligan/storage';
import { storageContract } from 'mulligan/storage/contract';
import { fromFilesSdk } from 'mulligan/storage/files-sdk';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Backend } from './backend.ts';
import { type ChaosProxy, startChaosProxy } from './chaos-proxy.ts';
import { startPartForwarder } from './part-forwarder.ts';

/** Holds a provider to the contract: as it is, and with our retries behind a proxy that breaks connections. */
export function describeContract(title: string, start: () => Promise<Backend>): void {
  describe(title, () => {
    let backend: Backend;
    let chaos: ChaosProxy;
    let direct: Storage;
    let resilient: Storage;

    beforeAll(async () => {
      backend = await start();
      chaos = await startChaosProxy(backend.port, 7);
      direct = fromFilesSdk(await backend.adapter(backend.port));
      const behind = fromFilesSdk(await backend.adapter(chaos.port));
      // Some clients wait for ever for the rest of an answer that broke off: only a time limit ends that.
      resilient = retryableStorage(behind, { maxRetries: 30, baseDelay: 1, maxDelay: 10, attemptTimeout: '2s' });
    });

    afterAll(async () => {
      await chaos?.close();
      await backend?.close();
    });

    describe('as it is', () => {
      test.each(storageContract)('$name', ({ run }) => run(direct));
    });

    test('of an upload in parts only the one that failed is sent again', async () => {
      const forwarder = await startPartForwarder(backend.port, backend.isPart);
      try {
        const behind = fromFilesSdk(await backend.adapter(forwarder.port));
        const storage = retryableStorage(behind, { maxRetries: 1, baseDelay: 1 });
        const body = new Uint8Array(11 * 1024 * 1024).fill(7);
        await storage.put('parts', body, { multipart: { partSizeBytes: 5 * 1024 * 1024 } });
        expect(forwarder.parts).toBe(4);
        expect(Buffer.compare(await storage.getBytes('parts'), body)).toBe(0);
      } finally {
        await forwarder.close();
      }
    });

    test('uploads in parts of one key do not mix', async () => {
      const storage = retryableStorage(fromFilesSdk(await backend.adapter(backend.port)));
      const versions = [1, 2, 3].map((byte) => new Uint8Array(11 * 1024 * 1024).fill(byte));
      const multipart = { partSizeBytes: 5 * 1024 * 1024 };
      const puts = await Promise.allSettled(versions.map((body) => storage.put('contended', body, { multipart })));
      expect(puts.some(({ status }) => status === 'fulfilled')).toBe(true);
      const found = await storage.getBytes('contended');
      expect(versions.some((body) => Buffer.compare(body, found) === 0)).toBe(true);
    });

    describe('behind a proxy that drops, delays and truncates', () => {
      test.each(storageContract)('$name', ({ run }) => run(resilient));

      test('which broke many connections', () => {
        expect(chaos.broken).toBeGreaterThan(20);
      });
    });
  });
}
