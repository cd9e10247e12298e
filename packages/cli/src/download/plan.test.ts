import { expect, test } from 'vitest';
import { planCommand } from './plan.ts';

const url = 'https://example.com/big.iso';

test('without options: into this folder, keeping what is there, and resumable', () => {
  expect(planCommand([url], { resume: true })).toEqual({
    source: { urls: [url] },
    path: './',
    headers: [],
    options: { existing: 'keep', nameFrom: 'url', resume: true },
    isQuiet: false,
  });
});

test('every option finds its place', () => {
  const hex = '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08';
  const command = planCommand([url, `${url}?2`], {
    output: 'isos/',
    sha256: hex,
    parallel: '4',
    attempts: '9',
    timeout: '10m',
    idleTimeout: '5s',
    header: ['Accept: text/plain', 'X-Key:a:b'],
    mode: '0640',
    overwrite: true,
    serverName: true,
    resume: false,
    quiet: true,
  });
  expect(command.headers).toEqual([
    ['Accept', 'text/plain'],
    ['X-Key', 'a:b'],
  ]);
  expect(command).toMatchObject({ source: { urls: [url, `${url}?2`] }, path: 'isos/', isQuiet: true });
  expect(command.options).toEqual({
    existing: 'overwrite',
    nameFrom: 'content-disposition',
    resume: false,
    integrity: 'sha256-n4bQgYhMfWWaL+qgxVrQFaO/TxsrC4Is0V1sFbDwCgg=',
    parallel: 4,
    retry: 9,
    timeout: 600_000,
    idleTimeout: 5000,
    mode: 0o640,
  });
});

test.each([
  [{ sha256: 'abc' }, '--sha256 must be 64 hexadecimal digits, got "abc"'],
  [{ sha256: 'a'.repeat(64), integrity: 'x' }, '--sha256 and --integrity exclude each other'],
  [{ parallel: '65' }, '--parallel must be a whole number from 1 to 64, got 65'],
  [{ attempts: 'many' }, '--attempts must be a whole number of at least 1, got "many"'],
  [{ timeout: '10' }, '--timeout must be a time with its unit, such as 30s or 2m, got "10"'],
  [{ mode: '888' }, '--mode must be three or four octal digits, such as 644, got "888"'],
  [{ header: ['s3cret'] }, "--header must have the form 'Name: value'"],
  [{ output: '-' }, '--output must name a file or a folder'],
])('%j is answered in a sentence', (flags, sentence) => {
  expect(() => planCommand([url], { resume: true, ...flags })).toThrow(sentence);
});
