import { expect, test } from 'vitest';
import { type Asker, isOwnPage } from './origin.ts';

const program: Asker = { host: '127.0.0.1:8000', origin: undefined, site: undefined, mode: undefined };

test('a program that is no browser sends nothing of it, and is let in', () => {
  expect(isOwnPage(program)).toBe(true);
});

test('our own page is let in', () => {
  expect(isOwnPage({ ...program, origin: 'http://127.0.0.1:8000', site: 'same-origin', mode: 'cors' })).toBe(true);
});

test('an address that a person types is let in', () => {
  expect(isOwnPage({ ...program, site: 'none', mode: 'navigate' })).toBe(true);
});

test('a link on another page may lead here', () => {
  expect(isOwnPage({ ...program, site: 'cross-site', mode: 'navigate' })).toBe(true);
});

test.each([
  ['another site', { origin: 'http://evil.example', site: 'cross-site', mode: 'cors' }],
  ['another site that sends no metadata', { origin: 'http://evil.example' }],
  ['another port of this machine', { origin: 'http://127.0.0.1:3000', site: 'same-site', mode: 'cors' }],
  ['another port that sends no origin', { site: 'same-site', mode: 'no-cors' }],
  ['a page in a sandbox', { origin: 'null', site: 'cross-site', mode: 'cors' }],
  ['an image on another page', { site: 'cross-site', mode: 'no-cors' }],
  ['a form on another page', { origin: 'http://evil.example', site: 'cross-site', mode: 'navigate' }],
  ['a file', { origin: 'file://127.0.0.1:8000' }],
])('%s is not', (_, headers) => {
  expect(isOwnPage({ ...program, ...headers })).toBe(false);
});

test('behind a proxy that ends TLS the scheme is not compared', () => {
  expect(isOwnPage({ ...program, host: 'gateway.internal', origin: 'https://gateway.internal' })).toBe(true);
});
