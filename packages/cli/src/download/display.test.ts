import type { DownloadProgress } from 'mulligan/download';
import { expect, test } from 'vitest';
import { Display } from './display.ts';
import { progressInWords, sizeInWords, timeInWords } from './words.ts';

const progress: DownloadProgress = {
  url: 'https://example.com/big.iso',
  bytes: 27_000_000,
  totalBytes: 64_000_000,
  bytesPerSecond: 10_200_000,
  remainingMs: 3627,
  resumedFromBytes: 0,
  attempts: 1,
};

test.each([
  [0, '0 B'],
  [999, '999 B'],
  [1500, '1.5 kB'],
  [64_000_000, '64.0 MB'],
  [2_500_000_000_000_000, '2500.0 TB'],
])('%i bytes are %s', (bytes, words) => expect(sizeInWords(bytes)).toBe(words));

test.each([
  [1, '1 s'],
  [59_000, '59 s'],
  [125_000, '2:05'],
  [3_725_000, '1:02:05'],
])('%i ms are %s', (ms, words) => expect(timeInWords(ms)).toBe(words));

test('what is not known is not said', () => {
  expect(progressInWords(progress)).toBe('42 %, 27.0 MB of 64.0 MB, 10.2 MB/s, 4 s left');
  const blind = { ...progress, totalBytes: undefined, remainingMs: undefined };
  expect(progressInWords(blind)).toBe('27.0 MB, 10.2 MB/s');
  expect(progressInWords({ ...blind, bytes: 0, bytesPerSecond: 0 })).toBe('0 B');
  expect(progressInWords({ ...progress, bytes: 64_000_000, remainingMs: 0 })).toBe(
    '100 %, 64.0 MB of 64.0 MB, 10.2 MB/s',
  );
});

test('a terminal shows one line that changes, as wide as it is', () => {
  let text = '';
  const display = new Display({ isTTY: true, columns: 12, write: (more) => (text += more) });
  display.progress(progress);
  display.progress(progress);
  display.say('saved big.iso');
  display.end();
  const line = '\r\u001B[2K42 %, 27.0 ';
  expect(text).toBe(`${line}${line}\nsaved big.iso\n`);
  expect(display.progressEvery).toBe('100ms');
});

test('elsewhere there is a line now and then', () => {
  let text = '';
  const display = new Display({ write: (more) => (text += more) });
  display.progress(progress);
  display.say('saved big.iso');
  expect(text).toBe(`${progressInWords(progress)}\nsaved big.iso\n`);
  expect(display.progressEvery).toBe('5s');
});
