import { performance } from 'node:perf_hooks';
import { quantile } from './criterion.mjs';

/**
 * Milliseconds of one call: the median of batches, each as long as the clock can tell well.
 *
 * @param {(number: number) => unknown} call
 * @param {boolean} isQuick
 */
export async function perCallMs(call, isQuick) {
  const [batches, calls] = isQuick ? [3, 200] : [101, 2000];
  const times = [];
  for (let batch = 0, number = 0; batch < batches; batch++) {
    const startedMs = performance.now();
    for (let at = 0; at < calls; at++) {
      const result = call(number++);
      if (result instanceof Promise) await result;
    }
    times.push((performance.now() - startedMs) / calls);
  }
  return quantile(times, 0.5);
}
