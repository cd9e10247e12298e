import fc from 'fast-check';
import { expect, test } from 'vitest';
import { redact } from './index.ts';

test.each([
  ['http://user:secret@host:8080 refused', 'http://***@host:8080 refused'],
  ['proxy "socks5://user:se@cret@host:1"', 'proxy "socks5://***@host:1"'],
  ['user:secret@host:8080', '***@host:8080'],
  ['tried (user:secret@host:8080)', 'tried (***@host:8080)'],
  ['host:8080:user:secret', 'host:8080:***'],
  ['http://host:8080:user:secret', 'http://host:8080:***'],
])('%s becomes %s', (text, expected) => {
  expect(redact(text)).toBe(expected);
});

test.each([
  'connect ECONNREFUSED 127.0.0.1:8080',
  'http://host:8080/path',
  'mail me@example.com',
  'at 12:30:45 it failed',
  '',
])('%s stays as it is', (text) => {
  expect(redact(text)).toBe(text);
});

test('a password in a URL is never left, wherever the URL stands', () => {
  const password = fc.stringMatching(/^[^\s"'`<>]{6,20}$/).filter((text) => !/^[*@]+$/.test(text));
  const around = fc.constantFrom(['', ''], ['cannot use ', ': refused'], ['("', '")']);
  fc.assert(
    fc.property(password, around, (secret, [before, after]) => {
      const text = `${before}http://user:${secret}@host:8080${after}`;
      expect(redact(text)).toBe(`${before}http://***@host:8080${after}`);
    }),
  );
});

test.each(['a', 'a:b', 'x://', '=a:', '1.2:', 'a@', ' a:b:'])('a long text of %j takes no long time', (part) => {
  const text = part.repeat(10_000);
  expect(redact(text)).toBe(text);
});
