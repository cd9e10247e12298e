import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { Chain, type Link } from './chain.ts';

const valuesOf = <T>(chain: Chain<T>): T[] => {
  const values: T[] = [];
  for (let link = chain.first; link !== undefined; link = link.next) values.push(link.value);
  return values;
};

test('behaves as an array does from which things are taken out anywhere', () => {
  const step = fc.oneof(
    fc.record({ kind: fc.constant('add' as const), value: fc.nat() }),
    fc.record({ kind: fc.constant('remove' as const), at: fc.nat() }),
    fc.record({ kind: fc.constant('shift' as const) }),
  );
  fc.assert(
    fc.property(fc.array(step), (steps) => {
      const chain = new Chain<number>();
      const model: Link<number>[] = [];
      for (const step of steps) {
        if (step.kind === 'add') model.push(chain.add(step.value));
        else if (step.kind === 'shift') expect(chain.shift()).toBe(model.shift()?.value);
        else {
          const [link] = model.splice(step.at % (model.length + 1), 1);
          if (link !== undefined) {
            expect(chain.remove(link)).toBe(true);
            expect(chain.remove(link)).toBe(false);
          }
        }
        expect(valuesOf(chain)).toEqual(model.map(({ value }) => value));
      }
    }),
  );
});
