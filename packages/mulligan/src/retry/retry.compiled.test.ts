import { expect, test } from 'vitest';
import { script, virtualWorld } from '../testing/index.ts';
import { retry } from './retry.ts';
import { retrySync } from './retry-sync.ts';

const world = virtualWorld();
const reset = (): Error => Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' });

class Api {
  readonly #fetch = script([reset(), 'ok']);
  #reads = 0;
  #starts = 0;
  #pages = 0;

  @retry({ world })
  async user(id: number): Promise<string> {
    return `${await this.#fetch()} ${id}`;
  }

  @retrySync({ world })
  read(file: string): string {
    if (this.#reads++ === 0) throw reset();
    return file;
  }

  @retrySync({ world })
  *lines(): Generator<number> {
    yield 1;
    if (this.#starts++ === 0) throw reset();
  }

  @retry({ world })
  async *pages(last: number): AsyncGenerator<number> {
    yield last;
    if (this.#pages++ === 0) throw reset();
  }
}

test('methods of every kind are retried by a decorator', async () => {
  const api = new Api();
  await expect(world.run(api.user(7))).resolves.toBe('ok 7');
  expect(api.read('a.txt')).toBe('a.txt');
  expect([...api.lines()]).toEqual([1, 1]);
  const pages: number[] = [];
  const read = async (): Promise<void> => {
    for await (const page of api.pages(9)) pages.push(page);
  };
  await world.run(read());
  expect(pages).toEqual([9, 9]);
});

test('a decorator of anything but a method is answered in a sentence', () => {
  const decorate = retrySync({}) as unknown as (value: unknown, context: object) => void;
  expect(() => decorate(undefined, { kind: 'getter', name: 'user' })).toThrow(
    '@retrySync decorates methods, not a getter such as "user"',
  );
});

test('a scope of a hook may come from `using`', async () => {
  const log: string[] = [];
  const onRetry = (): Disposable => {
    using stack = new DisposableStackLike(log);
    return stack.move();
  };
  await world.run(retry(script([reset(), 'ok']), { world, onRetry }));
  expect(log).toEqual(['disposed']);
});

/** As `DisposableStack`, which Node 20 has not. */
class DisposableStackLike implements Disposable {
  #log: string[] | undefined;

  constructor(log: string[]) {
    this.#log = log;
  }

  move(): DisposableStackLike {
    const moved = new DisposableStackLike(this.#log ?? []);
    this.#log = undefined;
    return moved;
  }

  [Symbol.dispose](): void {
    this.#log?.push('disposed');
  }
}
