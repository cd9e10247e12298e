// What was measured, as text for a terminal and as the page docs/benchmarks.md.
import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';

/**
 * @typedef {{ name: string, remark?: string } & Record<string, number | string>} Row
 *
 * @typedef {object} Goal what we aim for: a value that is at most so much, or so many times that of another row
 * @property {string} row
 * @property {string} column
 * @property {number} most
 * @property {string} [times] the row that `most` multiplies
 *
 * @typedef {object} Table
 * @property {string} title
 * @property {string} [note]
 * @property {Record<string, string>} columns their titles by key; sorted by the first
 * @property {Row[]} rows
 * @property {Goal[]} [goals]
 *
 * @typedef {{ benchmark: string, tables: Table[] }} Result
 */

const short = new Intl.NumberFormat('en', { maximumSignificantDigits: 3 });
const whole = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });

/** @param {number | string | undefined} value */
function show(value) {
  if (typeof value !== 'number') return value ?? '–';
  return Math.abs(value) < 1000 ? short.format(value) : whole.format(value);
}

/** The head and the body of a table in words, best first. @param {Table} table */
function cellsOf({ columns, rows }) {
  const keys = Object.keys(columns);
  const rank = (/** @type {Row} */ row) => Number(row[keys[0] ?? ''] ?? Number.POSITIVE_INFINITY);
  const body = rows
    .toSorted((a, b) => rank(a) - rank(b) || 0)
    .map((row) => [
      row.remark === undefined ? row.name : `${row.name} (${row.remark})`,
      ...keys.map((key) => show(row[key])),
    ]);
  return { head: ['', ...Object.values(columns)], body };
}

/** Whether the goals of a table were reached, in sentences. @param {Table} table */
function goalsOf({ goals = [], rows, columns }) {
  return goals.map(({ row, column, most, times }) => {
    const [value = Number.NaN, base = 1] = [row, times].map((name) =>
      Number(rows.find((each) => each.name === name)?.[column] ?? Number.NaN),
    );
    const limit = times === undefined ? most : most * base;
    const words = times === undefined ? show(most) : `${show(most)} times “${times}”, here ${show(limit)}`;
    const isReached = value <= limit;
    const end = `${isReached ? 'Reached' : 'Missed'}: ${show(value)}`;
    return { isReached, sentence: `Goal for “${row}”, ${columns[column]}: at most ${words}. ${end}.` };
  });
}

/** @param {Result} result */
export function asText({ benchmark, tables }) {
  return tables.map((table) => `${benchmark}: ${tableAsText(table)}\n`).join('\n');
}

/** @param {Table} table */
function tableAsText(table) {
  const { head, body } = cellsOf(table);
  const widths = head.map((_, at) => Math.max(...[head, ...body].map((cells) => cells[at]?.length ?? 0)));
  const line = (/** @type {string[]} */ cells) =>
    cells.map((cell, at) => (at === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[at] ?? 0))).join('  ');
  return [
    table.title,
    ...(table.note === undefined ? [] : [table.note]),
    line(head),
    ...body.map(line),
    ...goalsOf(table).map(({ sentence }) => sentence),
  ].join('\n');
}

const questions = {
  retry: 'What does retrying cost?',
  pipeline: 'What do several policies together cost?',
  breaker: 'What does a circuit breaker cost?',
  memory: 'What do very many calls at once cost?',
  select: 'What does choosing a proxy cost?',
  size: 'What does an import cost?',
  http: 'What does a fetch that retries cost?',
  gateway: 'What does the gateway cost?',
};

/** @param {Result[]} results */
export function asMarkdown(results) {
  const cores = availableParallelism();
  const goals = results.flatMap(({ tables }) => tables.flatMap(goalsOf));
  const reached = goals.filter(({ isReached }) => isReached).length;
  const sections = results.flatMap(({ benchmark, tables }) => [
    `## ${Reflect.get(questions, benchmark)}`,
    `\`npm run bench -- ${benchmark}\``,
    ...tables.map(tableAsMarkdown),
  ]);
  return `${[
    '# Benchmarks',
    `One run of \`npm run bench -- --docs\`, which writes this page, on Node ${process.versions.node} with ${cores} shared cores.`,
    'mulligan, its peers, a bare call and what a person would write by hand are measured in turns, and ' +
      'every batch is checked to have done its work. The figures are medians. Absolute times drift by a factor of two ' +
      'on a shared machine: compare the ratios. Each peer is used as its documentation says, made ready once where it ' +
      'can be.',
    `Peers, each in the newest version that runs on Node 20: ${peers()}.`,
    `Of ${goals.length} goals ${reached} are reached. Each is named below the table that it is about.`,
    ...sections,
  ].join('\n\n')}\n`;
}

function peers() {
  const { devDependencies } = JSON.parse(readFileSync(new URL('package.json', import.meta.url), 'utf8'));
  const versions = Object.entries(devDependencies).filter(([name]) => name !== 'esbuild');
  return versions.map(([name, version]) => `${name} ${version}`).join(', ');
}

/** @param {Table} table */
function tableAsMarkdown(table) {
  const { head, body } = cellsOf(table);
  const line = (/** @type {string[]} */ cells) => `| ${cells.join(' | ')} |`;
  const rows = body.map((cells) => line(cells[0]?.startsWith('mulligan') ? cells.map((cell) => `**${cell}**`) : cells));
  const goals = goalsOf(table).map(({ sentence }) => `- ${sentence}`);
  return [
    `### ${table.title}`,
    ...(table.note === undefined ? [] : [table.note]),
    [line(head), `|---|${'---:|'.repeat(head.length - 1)}`, ...rows].join('\n'),
    ...(goals.length === 0 ? [] : [goals.join('\n')]),
  ].join('\n\n');
}
