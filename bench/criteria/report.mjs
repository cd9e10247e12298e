// The criteria as text for a terminal and as the page docs/success-criteria.md.
import { availableParallelism } from 'node:os';
import { isMet } from './criterion.mjs';

/** @typedef {import('./criterion.mjs').Criterion} Criterion */

/** @param {Criterion} criterion */
export function asLine(criterion) {
  const { id, says, value, unit, control, treatment, samples } = criterion;
  const mark = isMet(criterion) ? '✓' : '✗';
  const figure = `${Number(value.toPrecision(3))} ${unit}`;
  const arms = control === undefined ? treatment : `${treatment}; ${control}`;
  return `${mark} ${id.padEnd(10)}${says}: ${figure}\n  ${''.padEnd(10)}${arms}; ${samples}`;
}

/** @param {Criterion[]} criteria */
export function asMarkdown(criteria) {
  const met = criteria.filter(isMet).length;
  const rows = criteria.map((criterion) => {
    const { id, says, control = '–', treatment, samples } = criterion;
    return `| ${[id, says, control, treatment, samples, isMet(criterion) ? 'met' : '**missed**'].join(' | ')} |`;
  });
  return `${[
    '# Success criteria of the proxy rotator',
    `One run of \`npm run criteria -- --docs\`, which writes this page, on Node ${process.versions.node} with ` +
      `${availableParallelism()} shared cores. Of ${criteria.length} criteria ${met} are met.`,
    'The criteria are those of the specification of ProxyWhirl (SC-001 to SC-010), of its plan and of its guide. The ' +
      'proxies are real ones on this machine, in a process of their own, and a seed decides which of their requests ' +
      'fail, and how: by a reset, a 502 or a 503. Both arms of a comparison meet the same proxies with the same faults ' +
      'in the same order. Times are those of a shared machine.',
    ['| | asked for | control | mulligan | sample | |', '|---|---|---|---|---|---|', ...rows].join('\n'),
    'What the words mean:',
    [
      '- **Points** are the difference of two shares in per cent, which is harder to reach than the same share of the ' +
        'smaller one.',
      '- **By chance**: first attempts and retries go to a proxy that is drawn by lot, without breakers, but never to one ' +
        'that the request has tried.',
      '- **By hand**: undici’s `fetch` with one `ProxyAgent` for each proxy, in turns, without retries or breakers.',
      '- **A retry** is an attempt after the first of its request. It is wasted when it goes through a proxy that fails ' +
        'more than 70 % of its requests.',
    ].join('\n'),
  ].join('\n\n')}\n`;
}
