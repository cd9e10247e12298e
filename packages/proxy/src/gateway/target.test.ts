import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseAbsolute, parseAuthority } from './target.ts';

test('the target of CONNECT is a host and a port', () => {
  expect(parseAuthority('Example.COM:443')).toEqual({ host: 'example.com', port: 443 });
  expect(parseAuthority('[2001:DB8::1]:8443')).toEqual({ host: '2001:db8::1', port: 8443 });
  expect(parseAuthority('bücher.example:1')).toEqual({ host: 'xn--bcher-kva.example', port: 1 });
});

test('every way to write an address is read as the same address', () => {
  for (const text of ['127.0.0.1', '2130706433', '0x7f.1', '0177.0.0.1', '127.1', '%31%32%37.0.0.1']) {
    expect(parseAuthority(`${text}:80`)).toEqual({ host: '127.0.0.1', port: 80 });
  }
  expect(parseAuthority('[::ffff:127.0.0.1]:80')).toEqual({ host: '::ffff:7f00:1', port: 80 });
});

test('what is no host and port is refused', () => {
  const bad = ['', 'example.com', 'example.com:', ':443', 'a:0', 'a:65536', 'a:443:1', 'a:4x', 'user@a:443', 'a/b:443'];
  for (const text of [...bad, '/:80', 'a?b:1', 'a#b:1', '[::1:80', '::1:80', 'a b:80', 'a\\b:80', '[zz]:1', 'a<b:80']) {
    expect(parseAuthority(text), text).toBeUndefined();
  }
});

test('the target of a plain request is its absolute URI, and the path is left as it is', () => {
  expect(parseAbsolute('http://Example.com/a/../b?c=%7e')).toEqual({
    place: { host: 'example.com', port: 80 },
    authority: 'example.com',
    path: '/a/../b?c=%7e',
  });
  expect(parseAbsolute('HTTP://[::1]:8080')).toMatchObject({ authority: '[::1]:8080', path: '/' });
  expect(parseAbsolute('http://a:80/')).toMatchObject({ authority: 'a' });
  expect(parseAbsolute('http://a:?q#fragment')).toMatchObject({ place: { port: 80 }, path: '/?q' });
});

test('other schemes, user names and other forms are refused', () => {
  for (const text of [
    '/',
    '*',
    'https://a/',
    'ftp://a/',
    'http:/a',
    'http://',
    'http:///a',
    'http://u:p@a/',
    'http://a:b/',
    'a:80',
  ]) {
    expect(parseAbsolute(text), text).toBeUndefined();
  }
});

test('whatever is accepted has a host without anything that could be taken for something else', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 40 }), fc.nat(70_000), (text, port) => {
      for (const place of [parseAuthority(`${text}:${port}`), parseAbsolute(`http://${text}`)?.place]) {
        if (place === undefined) continue;
        expect(place.host).toMatch(/^[\x21-\x7e]+$/u);
        expect(place.host).not.toMatch(/[\s/?#@\\[\]]/u);
        expect(place.port).toBeGreaterThan(0);
      }
    }),
    { numRuns: 2000 },
  );
});
