import fc from 'fast-check';
import { expect, test } from 'vitest';
import { hrefOf, parseRoute, type Route } from './route.ts';

test.each<[string, Route]>([
  ['', { view: 'now' }],
  ['#', { view: 'now' }],
  ['#/', { view: 'now' }],
  ['#/proxies', { view: 'proxies' }],
  ['#/requests', { view: 'requests' }],
  ['#/requests/', { view: 'requests' }],
  ['#/requests/a%2Fb', { view: 'requests', id: 'a/b' }],
  ['#/requests/%', { view: 'requests', id: '%' }],
  ['#/history?proxy=a%3A1', { view: 'history', proxy: 'a:1' }],
  ['#/nowhere', { view: 'now' }],
])('%j is read as %j', (fragment, route) => {
  expect(parseRoute(fragment)).toEqual(route);
});

test('every route is found again by its address', () => {
  const text = fc.string({ minLength: 1 });
  const route = fc.oneof<fc.Arbitrary<Route>[]>(
    fc.constantFrom<Route>({ view: 'now' }, { view: 'proxies' }, { view: 'requests' }, { view: 'policy' }),
    text.map((id): Route => ({ view: 'requests', id })),
    text.map((proxy): Route => ({ view: 'history', proxy })),
  );
  fc.assert(
    fc.property(route, (each) => {
      expect(parseRoute(hrefOf(each))).toEqual(each);
    }),
  );
});
