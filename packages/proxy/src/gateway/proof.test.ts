import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { judgeTunnel, type TunnelEvidence } from './proof.ts';

const quiet: TunnelEvidence = {
  flight: 'empty',
  returned: 'nothing',
  isClosed: false,
  isOverdue: false,
  isLast: false,
};

test('a tunnel that a server has answered is handed over', () => {
  expect(judgeTunnel({ ...quiet, flight: 'hello', returned: 'hello' })).toBe('commit');
});

test('what comes before the client has said anything is kept back for a moment: the client may speak TLS', () => {
  for (const flight of ['empty', 'partial'] as const) {
    expect(judgeTunnel({ ...quiet, flight, returned: 'other' })).toBe('wait');
    expect(judgeTunnel({ ...quiet, flight, returned: 'other', isOverdue: true })).toBe('commit');
  }
  expect(judgeTunnel({ ...quiet, flight: 'other', returned: 'other' })).toBe('commit');
});

test('a tunnel that closes before anything came back is tried elsewhere, if only a ClientHello was sent', () => {
  for (const flight of ['empty', 'partial', 'hello'] as const) {
    expect(judgeTunnel({ ...quiet, flight, isClosed: true })).toBe('fail');
  }
  expect(judgeTunnel({ ...quiet, flight: 'other', isClosed: true })).toBe('commit');
});

test('what is no answer to a ClientHello is tried elsewhere, and passed on at last', () => {
  expect(judgeTunnel({ ...quiet, flight: 'hello', returned: 'other' })).toBe('fail');
  expect(judgeTunnel({ ...quiet, flight: 'hello', returned: 'other', isLast: true })).toBe('commit');
});

test('a silent client gets its tunnel, a silent server is tried elsewhere', () => {
  expect(judgeTunnel({ ...quiet, isOverdue: true })).toBe('commit');
  expect(judgeTunnel({ ...quiet, flight: 'hello', isOverdue: true })).toBe('fail');
  expect(judgeTunnel({ ...quiet, flight: 'hello', isOverdue: true, isLast: true })).toBe('commit');
});

test('nothing that a server may have acted upon is ever sent twice', () => {
  const evidence = fc.record<TunnelEvidence>({
    flight: fc.constantFrom('empty', 'partial', 'hello', 'other'),
    returned: fc.constantFrom('nothing', 'partial', 'hello', 'other'),
    isClosed: fc.boolean(),
    isOverdue: fc.boolean(),
    isLast: fc.boolean(),
  });
  fc.assert(
    fc.property(evidence, (known) => {
      const verdict = judgeTunnel(known);
      if (known.flight === 'other' || known.returned === 'hello') expect(verdict).toBe('commit');
      if (known.isOverdue || (known.isClosed && known.returned === 'nothing')) expect(verdict).not.toBe('wait');
    }),
  );
});
