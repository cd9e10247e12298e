import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Link } from '../../kernel/index.ts';
import { Room } from './room.ts';

const step = fc.oneof(
  { weight: 5, arbitrary: fc.record({ kind: fc.constantFrom('arrive' as const) }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('leave' as const) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('give-up' as const), who: fc.nat(6) }) },
);

test('nobody is lost, nobody is in twice, nobody overtakes, and there are never too many', () => {
  const sizes = fc.record({
    concurrent: fc.integer({ min: 1, max: 4 }),
    queue: fc.nat(6),
    isNewestFirst: fc.boolean(),
  });
  fc.assert(
    fc.property(sizes, fc.array(step, { maxLength: 100 }), (size, steps) => {
      const room = new Room<number>(size);
      const inside = new Set<number>();
      let waiting: { id: number; link: Link<number> }[] = [];
      let ids = 0;
      for (const action of steps) {
        if (action.kind === 'arrive') {
          const id = ids++;
          const isFree = inside.size < size.concurrent;
          expect(room.enter()).toBe(isFree);
          const link = isFree ? undefined : room.wait(id);
          if (isFree) inside.add(id);
          else expect(link !== undefined).toBe(waiting.length < size.queue);
          if (link !== undefined) waiting.push({ id, link });
        } else if (action.kind === 'leave') {
          const [leaver] = inside;
          if (leaver === undefined) continue;
          inside.delete(leaver);
          const next = size.isNewestFirst ? waiting.at(-1) : waiting.at(0);
          expect(room.leave()).toBe(next?.id);
          if (next === undefined) continue;
          inside.add(next.id);
          waiting = waiting.filter((waiter) => waiter !== next);
          expect(room.giveUp(next.link)).toBe(false);
        } else {
          const [quitter] = waiting.splice(action.who, 1);
          if (quitter !== undefined) expect(room.giveUp(quitter.link)).toBe(true);
        }
        expect([room.active, room.queued]).toEqual([inside.size, waiting.length]);
        expect(room.queued === 0 || room.active === size.concurrent).toBe(true);
      }
    }),
  );
});
