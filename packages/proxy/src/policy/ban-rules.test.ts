import { expect, test } from 'vitest';
import { type BanRule, BanRules, type ResponseHead } from './index.ts';

const head = (status: number, headers: Record<string, string> = {}, host = 'shop.example'): ResponseHead => ({
  host,
  status,
  header: (name) => headers[name.toLowerCase()],
});

const rules = new BanRules([
  { status: [403, 429] },
  { header: { name: 'Server', matches: /^captcha/i } },
  { status: 200, body: 'Are you a robot?', hosts: ['shop.example'] },
  { status: 503, body: /block(ed|ade)/g },
]);

test('a status or a field of the head can tell', () => {
  expect(rules.ofHead(head(403))).toBe('banned');
  expect(rules.ofHead(head(200, { server: 'CaptchaWall' }, 'else.example'))).toBe('banned');
  expect(rules.ofHead(head(404))).toBe('welcome');
});

test('where the body decides, it is asked for, and only of the targets that are named', () => {
  expect(rules.ofHead(head(200))).toBe('body');
  expect(rules.ofHead(head(200, {}, 'else.example'))).toBe('welcome');
  expect(rules.isBan(head(200), '<h1>Are you a robot?</h1>')).toBe(true);
  expect(rules.isBan(head(200), 'welcome')).toBe(false);
  expect([rules.isBan(head(503), 'blocked'), rules.isBan(head(503), 'blocked')]).toEqual([true, true]);
});

test('without rules nothing is a ban', () => {
  expect([new BanRules().ofHead(head(403)), new BanRules().isBan(head(403), 'banned')]).toEqual(['welcome', false]);
});

test.each([
  [{}, 'a ban rule must name a status, a header or a body'],
  [{ status: 42 }, 'status must be a whole number from 100 to 599, got 42'],
  [{ body: 3 }, 'body must be text or a regular expression, got 3'],
  [{ header: { name: 'x' } }, 'header.matches must be text or a regular expression'],
  [{ statuses: 403 }, "did you mean 'status'?"],
])('%j is refused', (rule, sentence) => {
  expect(() => new BanRules([rule as BanRule])).toThrow(sentence);
});
