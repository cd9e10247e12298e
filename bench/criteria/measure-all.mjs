import { measure as breaker } from './breaker.mjs';
import { measure as concurrency } from './concurrency.mjs';
import { measure as flaky } from './flaky.mjs';
import { measure as metrics } from './metrics.mjs';
import { measure as mixed } from './mixed.mjs';
import { measure as overhead } from './overhead.mjs';
import { measure as policy } from './policy.mjs';

const experiments = [flaky, mixed, breaker, concurrency, metrics, policy, overhead];

/**
 * Every criterion: one experiment after the other, so that none disturbs another; all at once where it must be quick.
 *
 * @param {import('./criterion.mjs').Scale} scale
 * @returns {Promise<import('./criterion.mjs').Criterion[]>}
 */
export async function measureAll(scale) {
  const running = [];
  for (const measure of experiments) {
    const criteria = measure(scale);
    if (!scale.isQuick) await criteria;
    running.push(criteria);
  }
  const criteria = (await Promise.all(running)).flat();
  return criteria.toSorted((a, b) => rank(a.id) - rank(b.id) || 0);
}

/** Those of the specification by their numbers, then those of the plan and the guide. @param {string} id */
const rank = (id) => Number(/\d+/.exec(id)?.[0] ?? 1000);
