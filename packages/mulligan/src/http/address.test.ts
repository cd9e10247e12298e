import fc from 'fast-check';
import { expect, test } from 'vitest';
import { addressOf } from './address.ts';

test.each([
  ['https://api.test/a/b?token=s3cret#s3cret', 'https://api.test', 'api.test', 'https://api.test/a/b'],
  ['http://127.0.0.1:8080', 'http://127.0.0.1:8080', '127.0.0.1:8080', 'http://127.0.0.1:8080/'],
  ['https://api.test:443/a', 'https://api.test', 'api.test', 'https://api.test/a'],
  ['HTTPS://API.test/A', 'https://api.test', 'api.test', 'https://api.test/A'],
  ['https://bücher.test/', 'https://xn--bcher-kva.test', 'xn--bcher-kva.test', 'https://xn--bcher-kva.test/'],
  ['https://[::1]:99/x', 'https://[::1]:99', '[::1]:99', 'https://[::1]:99/x'],
  [' https://api.test/\\evil ', 'https://api.test', 'api.test', 'https://api.test//evil'],
  ['no address', '', '', ''],
])('%s', (text, origin, host, url) => {
  expect(addressOf(text)).toEqual({ origin, host, url });
});

test.each(['https://user:s3cret@api.test/', 'https://s3cret@api.test', 'https:\\\\:s3cret@api.test'])(
  'credentials are refused without being repeated: %s',
  (text) => {
    expect(() => addressOf(text)).toThrow(TypeError);
    expect(() => addressOf(text)).toThrow(/^(?!.*s3cret)/);
  },
);

test('whatever the platform takes for an address is read as it reads it', () => {
  const text = fc.oneof(
    fc.webUrl({ withFragments: true, withQueryParameters: true }),
    fc.webUrl().map((url) => url.toUpperCase()),
  );
  fc.assert(
    fc.property(text, (address) => {
      const { origin, host } = new URL(address);
      expect(addressOf(address)).toMatchObject({ origin, host });
    }),
    { numRuns: 500 },
  );
});

test('no text makes it throw anything but the refusal of credentials', () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      const { origin, url } = addressOf(text.replaceAll('@', ''));
      return url.startsWith(origin);
    }),
  );
});
