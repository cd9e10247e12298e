import { inspect } from 'node:util';
import fc from 'fast-check';
import { InvalidOptionError } from 'mulligan';
import { describe, expect, test } from 'vitest';
import { formatWithCredentials, parseProxyUrl, ProxyAddress, proxyProtocols } from './index.ts';

const parts = ({ protocol, host, port, username, password }: ProxyAddress) => [
  protocol,
  host,
  port,
  username,
  password,
];

describe('what is read', () => {
  test.each([
    ['http://proxy.example.com:8080', ['http', 'proxy.example.com', 8080, undefined, undefined]],
    ['proxy.example.com:8080', ['http', 'proxy.example.com', 8080, undefined, undefined]],
    ['  HTTP://Proxy.Example.COM:8080/  ', ['http', 'proxy.example.com', 8080, undefined, undefined]],
    ['http://user:secret@host:1', ['http', 'host', 1, 'user', 'secret']],
    ['user:secret@host:1', ['http', 'host', 1, 'user', 'secret']],
    ['host:3128:user:sec:ret', ['http', 'host', 3128, 'user', 'sec:ret']],
    ['socks5://host:1080:user:secret', ['socks5', 'host', 1080, 'user', 'secret']],
    ['http://user:p%40ss%2Fword@host:1', ['http', 'host', 1, 'user', 'p@ss/word']],
    ['http://user:p@ss/w?rd#@host:1', ['http', 'host', 1, 'user', 'p@ss/w?rd#']],
    ['http://user:100%@host:1', ['http', 'host', 1, 'user', '100%']],
    ['http://user@host:1', ['http', 'host', 1, 'user', undefined]],
    ['http://:secret@host:1', ['http', 'host', 1, '', 'secret']],
    ['socks4a://host:9', ['socks4a', 'host', 9, undefined, undefined]],
    ['socks://host:9', ['socks5', 'host', 9, undefined, undefined]],
    ['http://[2001:DB8::1]:8080', ['http', '2001:db8::1', 8080, undefined, undefined]],
    ['[::1]:8080', ['http', '::1', 8080, undefined, undefined]],
    ['http://bücher.example:8080', ['http', 'xn--bcher-kva.example', 8080, undefined, undefined]],
  ])('%s', (text, expected) => {
    expect(parts(parseProxyUrl(text))).toEqual(expected);
  });

  test.each([
    ['http://host', 80],
    ['https://host', 443],
    ['socks4://host', 1080],
    ['socks5h://host', 1080],
  ])('%s has the port %i', (text, port) => {
    expect(parseProxyUrl(text).port).toBe(port);
  });

  test('the id is host:port, with brackets around an IPv6 address', () => {
    expect(parseProxyUrl('http://user:secret@Host:8080').id).toBe('host:8080');
    expect(parseProxyUrl('socks5://[::1]').id).toBe('[::1]:1080');
  });
});

describe('what is refused, in a sentence', () => {
  test.each([
    ['', 'a proxy must be a URL such as http://host:8080, got ""'],
    [
      'ftp://host:21',
      'the protocol of a proxy must be one of http, https, socks4, socks4a, socks5, socks5h, got "ftp://host:21"',
    ],
    ['host', 'a proxy without a protocol needs a port, as host:8080, got "host"'],
    ['http://:8080', 'a proxy needs a host, got "http://:8080"'],
    ['http://host:99999', 'the port of a proxy must be a whole number from 1 to 65535, got "http://host:99999"'],
    ['http://host:', 'the port of a proxy must be a whole number from 1 to 65535, got "http://host:"'],
    [
      'http://host:8080/path',
      'the URL of a proxy must end after its port: it has no path, got "http://host:8080/path"',
    ],
    ['http://::1:8080', 'an IPv6 address must stand in brackets, as http://[::1]:8080, got "http://::1:8080"'],
    ['http://ho st:8080', 'the host of a proxy must be a name or an IP address, got "http://ho st:8080"'],
  ])('%s', (text, sentence) => {
    expect(() => parseProxyUrl(text)).toThrow(new InvalidOptionError('proxy', text, sentence));
  });

  test.each(['ftp://user:secret@host:21', 'user:secret@host:0', 'http://user:secret@:1', 'host:0:user:secret'])(
    'the sentence about %s does not show its password',
    (text) => {
      let error: unknown;
      try {
        parseProxyUrl(text);
      } catch (thrown) {
        error = thrown;
      }
      expect(error).toBeInstanceOf(InvalidOptionError);
      expect(inspect(error)).not.toContain('secret');
    },
  );
});

describe('credentials', () => {
  const address = parseProxyUrl('http://alice:secret@host:8080');

  test('are reached by name only, and never printed', () => {
    expect([address.username, address.password, address.hasCredentials]).toEqual(['alice', 'secret', true]);
    const shown = [
      inspect(address, { showHidden: true }),
      JSON.stringify({ address }),
      String(address),
      JSON.stringify(Object.assign({}, address)),
    ];
    for (const text of shown) expect(text).not.toMatch(/secret|alice/);
  });

  test('come back whatever they hold', () => {
    const word = fc.string({ unit: 'grapheme', minLength: 1 });
    const given = fc.record({
      protocol: fc.constantFrom(...proxyProtocols),
      port: fc.integer({ min: 1, max: 65_535 }),
      username: word,
      password: word,
    });
    fc.assert(
      fc.property(given, (rest) => {
        const made = new ProxyAddress({ host: 'host.example', ...rest });
        expect(parts(parseProxyUrl(formatWithCredentials(made)))).toEqual(parts(made));
      }),
    );
  });
});
