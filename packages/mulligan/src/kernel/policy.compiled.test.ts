import { expect, test } from 'vitest';
import { definePolicy, type Layer } from './policy.ts';

const calls: string[] = [];
const count: Layer = async (next, context) => {
  calls.push(context.name);
  return next(context);
};
const counted = definePolicy(count, { kind: 'counted' });

class Api {
  readonly #base = 'https://api.test';

  @counted
  async url(path: string): Promise<string> {
    return this.#base + path;
  }

  @counted
  static async version(): Promise<number> {
    return 2;
  }
}

test('a policy decorates methods, static ones too, and keeps their this and their name', async () => {
  await expect(new Api().url('/users')).resolves.toBe('https://api.test/users');
  await expect(Api.version()).resolves.toBe(2);
  expect(calls).toEqual(['url', 'version']);
  expect(Api.prototype.url.name).toBe('url');
});

test('a policy that decorates anything but a method is answered in a sentence', () => {
  const decorate = counted as unknown as (value: unknown, context: object) => void;
  expect(() => decorate(undefined, { kind: 'field', name: 'url' })).toThrow(
    '@counted decorates methods, not a field such as "url"',
  );
});
