import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { serveFile } from '../../../../test/support/file-server.ts';
import { seededRandom } from '../testing/index.ts';
import { download } from './download.ts';

const size = 60_000;

/** A version of the file; no two have a stretch in common. */
function versionOf(number: number): Buffer {
  const random = seededRandom(number);
  return Buffer.from(Array.from({ length: size }, () => Math.floor(random() * 256)));
}

const versions = [1, 2, 3].map(versionOf);

const kinds = ['none', 'change', 'careless', 'ignore-range', '503', 'wrong-start', 'junk', 'reset'] as const;

/** What a server does with one request. `careless`: it changes the file, and sends a part of it whatever `If-Range` says. */
type Fault = { readonly kind: (typeof kinds)[number] } | { readonly kind: 'cut'; readonly at: number };

const fault: fc.Arbitrary<Fault> = fc.oneof(
  fc.record({ kind: fc.constant('cut' as const), at: fc.nat(size) }),
  fc.record({ kind: fc.constantFrom(...kinds) }),
);

const tags = {
  strong: (version: number): string => `"${version}"`,
  weak: (): string => 'W/"same"',
  none: (): undefined => undefined,
};

interface Scenario {
  readonly faults: readonly Fault[];
  readonly parallel: number;
  readonly tag: keyof typeof tags;
  /** After how many bytes each of the first downloads is aborted. */
  readonly aborts: readonly number[];
  readonly isDigestKnown: boolean;
}

const scenario: fc.Arbitrary<Scenario> = fc.record({
  faults: fc.array(fault, { maxLength: 10 }),
  parallel: fc.constantFrom(1, 1, 3),
  tag: fc.constantFrom('strong', 'strong', 'weak', 'none'),
  aborts: fc.array(fc.nat(size), { maxLength: 2 }),
  isDigestKnown: fc.boolean(),
});

const partly = (response: ServerResponse, headers: Record<string, string>, body: Buffer): boolean =>
  Boolean(response.writeHead(206, { 'content-length': body.length, ...headers }).end(body));

async function play({ faults, parallel, tag, aborts, isDigestKnown }: Scenario) {
  let version = 0;
  const script = [...faults];
  let now: Fault = { kind: 'none' };
  const server = await serveFile({
    content: versions[0]!,
    cutAfter: () => (now.kind === 'cut' ? now.at : undefined),
    answer(request, response) {
      now = script.shift() ?? { kind: 'none' };
      const { kind } = now;
      if (kind === 'change' || kind === 'careless') version = Math.min(version + 1, versions.length - 1);
      const [content, etag] = [versions[version]!, tags[tag](version)];
      server.rules = {
        ...server.rules,
        content,
        etag,
        ranges: kind !== 'ignore-range',
        conditions: kind !== 'careless',
      };
      const tagged = etag === undefined ? {} : { etag };
      if (kind === '503') return Boolean(response.writeHead(503).end());
      if (kind === 'reset') return Boolean(request.socket.resetAndDestroy());
      if (kind === 'junk') return Boolean(response.writeHead(206, tagged).end('junk'));
      const wrong = { ...tagged, 'content-range': `bytes 7-99/${size}` };
      return kind === 'wrong-start' && partly(response, wrong, content.subarray(7, 100));
    },
  });
  const folder = await mkdtemp(join(tmpdir(), 'mulligan-faults-'));
  const path = join(folder, 'file.bin');
  const wanted = versions.at(-1)!;
  const integrity = `sha256-${createHash('sha256').update(wanted).digest('base64')}`;
  try {
    for (const limit of [...aborts, undefined, undefined]) {
      const stop = new AbortController();
      await download(server.url, path, {
        parallel,
        ...(isDigestKnown && { integrity }),
        retry: { attempts: 4, backoff: () => 0 },
        progressEvery: 0,
        onProgress: ({ bytes }) => void (limit !== undefined && bytes >= limit && stop.abort()),
        signal: stop.signal,
      }).catch(() => {});
      const file = await readFile(path).catch(() => undefined);
      if (file === undefined) continue;
      expect(isDigestKnown ? file.equals(wanted) : versions.some((one) => file.equals(one))).toBe(true);
      expect(await readdir(folder)).toEqual(['file.bin']);
    }
  } finally {
    await server.close();
    await rm(folder, { recursive: true });
  }
}

const cut: Fault = { kind: 'cut', at: 30_000 };
const plain = { parallel: 1, tag: 'strong', aborts: [], isDigestKnown: false } as const;

/** The traps that others have fallen into: a version that changes under a download, in all its ways. */
const traps: [Scenario][] = [
  [{ ...plain, faults: [cut, { kind: 'careless' }] }],
  [{ ...plain, faults: [cut, { kind: 'careless' }], tag: 'weak' }],
  [{ ...plain, faults: [cut, { kind: 'careless' }], tag: 'none' }],
  [{ ...plain, faults: [cut, { kind: 'change' }] }],
  [{ ...plain, faults: [{ kind: 'none' }, { kind: 'careless' }], aborts: [30_000] }],
];

const numRuns = Number(process.env['MULLIGAN_PROPERTY_RUNS'] ?? 40);

test(
  'whatever a server does, and however often a download is aborted: never a wrong file under its name',
  async () => {
    await fc.assert(fc.asyncProperty(scenario, play), { numRuns, examples: traps });
  },
  60_000 + 250 * numRuns,
);
