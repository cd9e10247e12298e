// Requests through a rotator, and what became of them.
import { performance } from 'node:perf_hooks';

/**
 * @typedef {object} Ended one request that has ended
 * @property {boolean} isSuccess
 * @property {number} durationMs
 * @property {import('@mulligan/proxy').AttemptSummary[]} attempts
 */

/**
 * Collects what a rotator tells of its requests.
 *
 * @returns {{ requests: Ended[], listener: (event: import('@mulligan/proxy').ProxyEvent) => void }}
 */
export function collector() {
  /** @type {Ended[]} */
  const requests = [];
  return {
    requests,
    listener(event) {
      if (event.type !== 'request.ended') return;
      const { outcome, durationMs, attempts } = event;
      requests.push({ isSuccess: outcome === 'success', durationMs, attempts: [...attempts] });
    },
  };
}

/**
 * Begins so many requests, evenly over some time, and waits until all have ended.
 *
 * @param {(number: number) => Promise<unknown>} request
 * @param {{ count: number, overMs: number }} rate
 */
export async function evenly(request, { count, overMs }) {
  const startedMs = performance.now();
  const running = [];
  for (let number = 0; number < count; number++) {
    const dueMs = startedMs + (number * overMs) / count - performance.now();
    if (dueMs > 1) await new Promise((resolve) => setTimeout(resolve, dueMs));
    running.push(request(number).catch(() => {}));
  }
  await Promise.all(running);
}

/**
 * Keeps so many requests going until all have ended.
 *
 * @param {(number: number) => Promise<unknown>} request
 * @param {{ count: number, atOnce: number }} load
 */
export async function keepGoing(request, { count, atOnce }) {
  let next = 0;
  const worker = async () => {
    while (next < count) await request(next++).catch(() => {});
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
}

/**
 * One request, to the end of its body.
 *
 * @param {import('@mulligan/proxy').ProxyRotator} rotator
 * @param {string} target
 * @param {import('@mulligan/proxy').ProxyRequestInit} [init]
 */
export async function get(rotator, target, init) {
  const response = await rotator.get(target, init);
  return response.text();
}
