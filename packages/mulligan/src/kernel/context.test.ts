import { expect, test } from 'vitest';
import { Cancellation } from './cancellation.ts';
import { Context } from './context.ts';

test('a call begins with attempt 1, no limit and no signal', () => {
  const context = new Context('fetchUser');
  expect(context).toMatchObject({ name: 'fetchUser', number: 1, deadlineMs: Number.POSITIVE_INFINITY, nextWaitMs: 0 });
  expect(context.previousError).toBeUndefined();
  expect(context.args).toEqual([]);
  expect(context.isCancellable).toBe(false);
});

test('what is derived changes what it names and keeps the rest', () => {
  const receiver = {};
  const error = new Error('first');
  const context = new Context('fetchUser', { args: [1], receiver, deadlineMs: 500 });
  const second = context.derive({ number: 2, previousError: error, nextWaitMs: 200 });
  expect(second).toMatchObject({ name: 'fetchUser', number: 2, deadlineMs: 500, nextWaitMs: 200, args: [1] });
  expect(second.receiver).toBe(receiver);
  expect(second.previousError).toBe(error);
  expect(second.derive({ deadlineMs: 100 }).previousError).toBe(error);
  expect(second.derive({ number: 3, previousError: undefined }).previousError).toBeUndefined();
  expect(context.number).toBe(1);
});

test('what is derived is cancelled with its parent, unless it has a cancellation of its own', () => {
  const parent = new Cancellation();
  const context = new Context('call', { cancellation: parent });
  const same = context.derive({ number: 2 });
  const own = context.derive({ cancellation: new Cancellation() });
  parent.abort('over');
  expect(same.signal.aborted).toBe(true);
  expect(same.isCancellable).toBe(true);
  expect(own.signal.aborted).toBe(false);
});

test('a signal that nothing can abort is made only when looked at, once', () => {
  const context = new Context('call');
  const { signal } = context;
  expect(signal.aborted).toBe(false);
  expect(context.signal).toBe(signal);
});
