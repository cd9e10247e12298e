import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { afterAll, expect, test } from 'vitest';
import { testApi } from '../../../../../test/support/api.ts';

const folder = mkdtempSync(join(tmpdir(), 'mulligan-static-'));
const script = 'const page = 1;\n'.repeat(100);
mkdirSync(join(folder, 'assets'));
writeFileSync(join(folder, 'assets/index-abc.js'), script);
writeFileSync(join(folder, 'index.html'), 'x');
afterAll(() => rmSync(folder, { recursive: true }));

async function ask(path: string, accepted?: string) {
  const { send } = testApi({ dashboard: pathToFileURL(`${folder}/`) });
  const response = await send('GET', path, accepted === undefined ? {} : { headers: { 'accept-encoding': accepted } });
  return { headers: response.headers, body: Buffer.from(await response.arrayBuffer()) };
}

test.each(['gzip', 'gzip, deflate, br, zstd', 'br;q=1.0, GZIP;q=0.5', 'deflate,gzip'])(
  'who accepts %j is sent less',
  async (accepted) => {
    const { headers, body } = await ask('/assets/index-abc.js', accepted);
    expect([headers.get('content-encoding'), headers.get('vary')]).toEqual(['gzip', 'Accept-Encoding']);
    expect(body.length).toBeLessThan(script.length);
    expect(gunzipSync(body).toString()).toBe(script);
  },
);

test.each([undefined, '', 'br', 'gzip;q=0', 'gzip; q=0.0, br', 'gzipped'])(
  'who accepts %j is sent it as it is',
  async (accepted) => {
    const { headers, body } = await ask('/assets/index-abc.js', accepted);
    expect(headers.get('content-encoding')).toBeNull();
    expect(headers.get('vary')).toBe('Accept-Encoding');
    expect(body.toString()).toBe(script);
  },
);

test('what would not be smaller is not compressed', async () => {
  expect((await ask('/', 'gzip')).headers.get('content-encoding')).toBeNull();
});
