import { expect, test } from 'vitest';
import { settle, settleSync, unwrap } from './outcome.ts';

const fail = (): never => {
  throw new Error('no');
};

test('an end as data is a value or an error, and becomes itself again', async () => {
  expect(await settle(async () => 1)).toEqual({ ok: true, value: 1 });
  expect(await settle(() => 1)).toEqual({ ok: true, value: 1 });
  expect(settleSync(() => 1)).toEqual({ ok: true, value: 1 });
  for (const outcome of [await settle(async () => fail()), await settle(fail), settleSync(fail)]) {
    expect(outcome.ok).toBe(false);
    expect(() => unwrap(outcome)).toThrow('no');
  }
  expect(unwrap({ ok: true, value: undefined })).toBeUndefined();
});

test('throw undefined is an error', async () => {
  expect(await settle(() => Promise.reject(undefined))).toEqual({ ok: false, error: undefined });
});
