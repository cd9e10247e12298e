import { expect, test } from 'vitest';
import type { MulliganEvent } from '../kernel/index.ts';
import { virtualWorld } from '../testing/index.ts';
import { circuitBreaker } from './circuit-breaker.ts';

const world = virtualWorld();

test('each key has a breaker of its own, and always the same one', () => {
  const breakers = circuitBreaker.keyed({ failures: 1, world });
  breakers.for('a.example').tryAcquire()?.failure();
  expect(breakers.for('a.example')).toBe(breakers.get('a.example'));
  expect(breakers.for('a.example').state).toBe('open');
  expect(breakers.for('b.example').state).toBe('closed');
  expect([...breakers.keys()]).toEqual(['a.example', 'b.example']);
  expect(breakers.get('c.example')).toBeUndefined();
});

test('the key is the name of the breaker, behind the name of them all', () => {
  const events: MulliganEvent[] = [];
  const onEvent = (event: MulliganEvent): void => void events.push(event);
  circuitBreaker.keyed({ failures: 1, world, onEvent }).for('a:80').tryAcquire()?.failure();
  circuitBreaker.keyed({ failures: 1, world, onEvent, name: 'hosts' }).for('a:80').tryAcquire()?.failure();
  expect(events.map(({ name }) => name)).toEqual(['a:80', 'hosts:a:80']);
});

test('snapshots come by key, whatever the key is called', () => {
  const breakers = circuitBreaker.keyed({ world });
  breakers.for('__proto__').isolate();
  breakers.for('b');
  const states = Object.entries(breakers.snapshot()).map(([key, { state }]) => [key, state]);
  expect(states).toEqual([
    ['__proto__', 'isolated'],
    ['b', 'closed'],
  ]);
});

test('a deleted breaker is forgotten', () => {
  const breakers = circuitBreaker.keyed({ failures: 1, world });
  breakers.for('a').tryAcquire()?.failure();
  expect(breakers.delete('a')).toBe(true);
  expect(breakers.delete('a')).toBe(false);
  expect(breakers.for('a').state).toBe('closed');
});

test('settings change for the breakers there are and for those to come', () => {
  const breakers = circuitBreaker.keyed({ failures: 5, world });
  const old = breakers.for('old');
  breakers.configure({ failures: 2 });
  expect(old.snapshot().failureThreshold).toBe(2);
  expect(breakers.for('new').snapshot().failureThreshold).toBe(2);
});

test('beyond maxKeys one that has nothing to tell is forgotten, not one that is open', () => {
  const breakers = circuitBreaker.keyed({ failures: 2, world }, { maxKeys: 4 });
  breakers.for('warned').tryAcquire()?.failure();
  for (let i = 0; i < 2; i++) breakers.for('open').tryAcquire()?.failure();
  breakers.for('isolated').isolate();
  breakers.for('quiet');
  breakers.for('new');
  expect([...breakers.keys()]).toEqual(['warned', 'open', 'isolated', 'new']);
});

test('if all have something to tell, the oldest is forgotten', () => {
  const breakers = circuitBreaker.keyed({ failures: 1, world }, { maxKeys: 2 });
  for (const key of ['a', 'b', 'c']) breakers.for(key).tryAcquire()?.failure();
  expect([...breakers.keys()]).toEqual(['b', 'c']);
});

test('maxKeys is checked', () => {
  expect(() => circuitBreaker.keyed({}, { maxKeys: 0 })).toThrow('maxKeys must be a whole number of at least 1, got 0');
  expect(() => circuitBreaker.keyed({}, { max: 1 } as object)).toThrow("circuitBreaker.keyed has no option 'max'");
});
