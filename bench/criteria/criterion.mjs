// What a criterion is, and whether it was met.

/**
 * @typedef {object} Criterion
 * @property {string} id
 * @property {string} says what ProxyWhirl's specification or its guide asks for
 * @property {number} value what was measured
 * @property {number} limit
 * @property {'at least' | 'below'} isGood on which side of the limit the value has to be
 * @property {string} unit
 * @property {string} [control] the other arm of the same run, in words
 * @property {string} treatment the rotator's arm, in words
 * @property {string} samples how many of what
 *
 * @typedef {object} Scale how much is measured
 * @property {boolean} isQuick a few seconds in all, to see that everything works
 */

/** @param {Criterion} criterion */
export function isMet({ value, limit, isGood }) {
  return isGood === 'at least' ? value >= limit : value < limit;
}

/** @param {number[]} numbers @param {number} share from 0 to 1 */
export function quantile(numbers, share) {
  return numbers.toSorted((a, b) => a - b)[Math.max(0, Math.ceil(share * numbers.length) - 1)] ?? Number.NaN;
}

/** @param {number} share from 0 to 1 */
export const percent = (share) => `${(share * 100).toFixed(1)} %`;

/** @param {number} milliseconds */
export function time(milliseconds) {
  if (milliseconds >= 1000) return `${(milliseconds / 1000).toPrecision(3)} s`;
  return milliseconds >= 1 ? `${milliseconds.toPrecision(3)} ms` : `${(milliseconds * 1000).toPrecision(3)} µs`;
}
